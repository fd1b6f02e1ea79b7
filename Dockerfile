# docker build -t reviewscape . && docker run -p 127.0.0.1:8501:8501 -v reviewscape:/data reviewscape
# The terminal (docker logs) prints the key for the owner's pages: http://localhost:8501/?key=…
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# The CPU build of torch: the default one brings several gigabytes of NVIDIA's libraries.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
WORKDIR /build
COPY requirements.txt constraints.txt ./
RUN python3 -m venv /opt/venv
RUN /opt/venv/bin/pip install --index-url "$TORCH_INDEX" "$(grep -o '^torch==[^ ]*' requirements.txt)"
RUN /opt/venv/bin/pip install -r requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 tini \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --user-group --home-dir /data --shell /usr/sbin/nologin reviewscape \
    && install -d -o reviewscape -g reviewscape -m 700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY app.py LICENSE NOTICE requirements.txt ./
COPY .streamlit .streamlit
COPY locales locales
COPY static static
COPY sample_data sample_data
COPY pipelines pipelines
COPY pages pages
# The code stays root's: what runs cannot change itself, and writes nothing but /data and /tmp.
RUN /opt/venv/bin/python -m compileall -q pages pipelines
USER reviewscape
VOLUME /data
# The state is a folder in the volume: a backup is restored by renaming it, which a mount point cannot be.
ENV HOME=/data \
    PATH=/opt/venv/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin \
    REVIEWSCAPE_HOME=/data/home \
    XDG_CACHE_HOME=/data/cache \
    NUMBA_CACHE_DIR=/data/cache/numba \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STREAMLIT_SERVER_ALLOWED_HOSTS=*
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=6s --start-period=60s --retries=3 \
    CMD ["/opt/venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=5)"]
# As process 1 tini hands signals on and collects what workers leave behind.
ENTRYPOINT ["/usr/bin/tini", "--"]
CMD ["/opt/venv/bin/python", "-m", "streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501", "--server.headless=true"]
