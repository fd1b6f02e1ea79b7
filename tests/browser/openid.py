"""A real OpenID provider on loopback: discovery, sign-in page, codes with PKCE, signed ID tokens, keys, sign-out."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "reviewscape", "secret/of+the client"
DAY_S = 86_400


class Provider(ThreadingHTTPServer):
    """people: subject → claims over the usual ones. forged: subjects whose token another key signs."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        # Under the same name, so that the signature alone tells it from the true one.
        self.other_key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.people: dict[str, dict[str, object]] = {}
        self.forged: set[str] = set()
        self.codes: dict[str, dict[str, str]] = {}
        self.signed_in: list[str] = []
        self.signed_out = 0

    def token(self, asked: dict[str, str]) -> dict[str, object]:
        """The answer to a code that was honestly come by."""
        now, subject = int(time.time()), asked["subject"]
        claims = {
            "iss": self.issuer,
            "sub": subject,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 3600,
            "nonce": asked["nonce"],
            "name": subject.capitalize(),
            **self.people[subject],
        }
        key = self.other_key if subject in self.forged else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        return {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 3600, "id_token": signed}


class _Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(address.query).items()}
        if address.path == "/.well-known/openid-configuration":
            self._json(self._discovery())
        elif address.path == "/keys":
            self._json({"keys": [self.server.key.as_dict(private=False)]})
        elif address.path == "/authorize":
            self._choose(query)
        elif address.path == "/decide":
            self._decide(query)
        elif address.path == "/end":
            self.server.signed_out += 1
            self._redirect(query["post_logout_redirect_uri"])
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = {name: values[0] for name, values in form.items()}
        client = f"{quote(CLIENT_ID)}:{quote(CLIENT_SECRET)}", f"{CLIENT_ID}:{CLIENT_SECRET}"
        known = {"Basic " + base64.b64encode(one.encode()).decode() for one in client}
        asked = self.server.codes.pop(given.get("code", ""), None)
        challenge = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if self.headers["Authorization"] not in known or asked is None or asked["code_challenge"] != proof:
            self._json({"error": "invalid_grant"}, 400)
            return
        assert given["redirect_uri"] == asked["redirect_uri"]
        self.server.signed_in.append(asked["subject"])
        self._json(self.server.token(asked))

    def _discovery(self) -> dict[str, object]:
        at = self.server.issuer
        return {
            "issuer": at,
            "authorization_endpoint": f"{at}/authorize",
            "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/keys",
            "end_session_endpoint": f"{at}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _choose(self, query: dict[str, str]) -> None:
        assert query["client_id"] == CLIENT_ID
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        kept = {name: query[name] for name in ("redirect_uri", "state", "nonce", "code_challenge")}
        people = [*self.server.people, ""]
        links = [
            f'<a href="/decide?{html.escape(urlencode({**kept, "subject": one}))}">{one or "refuse"}</a>'
            for one in people
        ]
        self._answer(f"<title>Provider</title>{' '.join(links)}".encode(), "text/html")

    def _decide(self, query: dict[str, str]) -> None:
        if "subject" not in query:
            answer = {"error": "access_denied", "error_description": "not today"}
        else:
            code = secrets.token_urlsafe()
            self.server.codes[code] = query
            answer = {"code": code}
        self._redirect(f"{query['redirect_uri']}?{urlencode({**answer, 'state': query['state']})}")

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.end_headers()

    def _json(self, content: object, status: int = 200) -> None:
        self._answer(json.dumps(content).encode(), "application/json", status)

    def _answer(self, content: bytes, kind: str, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Nothing: the test says what went wrong."""


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    provider = Provider()
    thread = threading.Thread(target=provider.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.shutdown()
        provider.server_close()
        thread.join()


def secrets_toml(provider: Provider, *, cookie_secret: str) -> str:
    """What README says to write, for this provider."""
    return f"""[auth]
redirect_uri = "http://127.0.0.1:{{port}}/oauth2callback"
cookie_secret = "{cookie_secret}"
client_id = "{CLIENT_ID}"
client_secret = "{CLIENT_SECRET}"
server_metadata_url = "{provider.issuer}/.well-known/openid-configuration"
"""
