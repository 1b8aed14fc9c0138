"""Loopback servers that check what a sign-in sends: a token endpoint with a guarded service beside it, and an OpenID provider."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
import urllib.request
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from connectors.stub_routes import Route, StubReply, StubRequest
from connectors.stub_server import StubServer

API_KEY = "canary-api-key-5f1e"
KEY_ID = "desk-2026"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Now:
    """The real time, moved on by `ahead_s`."""

    ahead_s: float = 0

    def now(self) -> datetime:
        return datetime.fromtimestamp(time.time() + self.ahead_s, UTC)


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


class AssertionCheck:
    """Says what is wrong with a client assertion, "" where nothing is; no `jti` is taken twice."""

    def __init__(self, public_key: Any, algorithms: list[str]) -> None:
        self._public_key = public_key
        self._algorithms = algorithms
        self._lock = threading.Lock()
        self.used: list[str] = []

    def problem(self, form: dict[str, str], audience: str, issuer: str) -> str:
        if form.get("client_assertion_type") != ASSERTION_TYPE:
            return "client_assertion_type"
        text = form.get("client_assertion", "")
        try:
            header = jwt.get_unverified_header(text)
            claims = jwt.decode(
                text,
                self._public_key,
                algorithms=self._algorithms,
                audience=audience,
                issuer=issuer,
                options={"require": ["exp", "jti", "sub"]},
            )
        except jwt.PyJWTError as error:
            return type(error).__name__
        with self._lock:
            again, self.used = claims["jti"] in self.used, [*self.used, claims["jti"]]
        wrong = {
            "kid": header.get("kid") != KEY_ID,
            "typ": header.get("typ") != "JWT",
            "sub": claims["sub"] != issuer,
            "jti": again,
            "exp": claims["exp"] > time.time() + 300,
            "aud": claims["aud"] != audience,
        }
        return next((name for name, is_wrong in wrong.items() if is_wrong), "")


class TokenServer:
    """A token endpoint at `token_url` and, under `address`, a service that wants its tokens. `refuses` is the OAuth reply it
    gives instead of a token; `hold` is waited for before each token; `fault` breaks the token endpoint alone."""

    def __init__(self, public_key: Any, *, issuer: str = API_KEY, algorithms: tuple[str, ...] = ("RS512",), good_for_s: Any = 600) -> None:
        self.issuer = issuer
        self.good_for_s = good_for_s
        self.check = AssertionCheck(public_key, list(algorithms))
        self.refuses: tuple[int, Any] | None = None
        self.fault: str | None = None
        self.hold = threading.Event()
        self.hold.set()
        self.forms: list[dict[str, str]] = []
        self.good: set[str] = set()
        self.token_endpoint_named: str | None = None
        self.problems: list[str] = []
        self._lock = threading.Lock()
        routes = [
            Route("POST", "/oauth2/token", self._token, lambda _request: self.fault),
            Route("GET", "/fhir/Patient/{id}", self._guarded),
            Route("POST", "/fhir/message", self._guarded),
            Route("GET", "/fhir/.well-known/smart-configuration", self._smart),
        ]
        self.server = StubServer(routes)
        self.address = f"{self.server.address}/fhir"
        self.token_url = f"{self.server.address}/oauth2/token"

    @property
    def fetched(self) -> int:
        return self.server.requests["POST /oauth2/token"]

    def revoke(self) -> None:
        self.good.clear()

    def stop(self) -> None:
        self.hold.set()
        self.server.stop()

    def _token(self, request: StubRequest) -> StubReply:
        self.hold.wait()
        form = {name: values[0] for name, values in parse_qs(request.body.decode(), strict_parsing=True).items()}
        self.forms.append(form)
        if self.refuses is not None:
            return StubReply(self.refuses[0], self.refuses[1])
        problem = self.check.problem(form, self.token_url, self.issuer)
        if request.headers["Content-Type"] != "application/x-www-form-urlencoded":
            problem = "content type"
        if problem:
            self.problems.append(problem)
            return StubReply(400, {"error": "invalid_request", "error_description": f"canary {form}"})
        with self._lock:
            token = f"canary-token-{len(self.good)}-{self.fetched}"
            self.good.add(token)
        return StubReply(200, {"access_token": token, "expires_in": self.good_for_s, "token_type": "Bearer"})

    def _guarded(self, request: StubRequest) -> StubReply:
        sent = request.headers.get("Authorization", "")
        if not sent.startswith("Bearer ") or sent[7:] not in self.good:
            return StubReply(401, {"resourceType": "OperationOutcome", "issue": []})
        return StubReply(200, {"asked": request.path})

    def _smart(self, _request: StubRequest) -> StubReply:
        return StubReply(200, {"token_endpoint": self.token_endpoint_named or self.token_url})


class OpenIdProvider:
    """An OpenID provider that signs "the user" in at once, and checks PKCE and the client. `claims` are put over the usual
    ones of the identity token; `returns` over what the browser brings back."""

    def __init__(self, client_key: Any, client_id: str = "desk") -> None:
        self.client_id = client_id
        self.key = rsa_key()
        self.kid = "op-1"
        self.algorithm = "RS256"
        self.signs_with: Any = self.key
        self.check = AssertionCheck(client_key, ["RS512"])
        self.claims: dict[str, Any] = {}
        self.returns: dict[str, str] = {}
        self.asked: list[dict[str, str]] = []
        self.problems: list[str] = []
        self.pages: list[tuple[int, str]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self.server = StubServer(
            [
                Route("GET", "/.well-known/openid-configuration", self._configuration),
                Route("GET", "/authorize", self._authorize),
                Route("POST", "/token", self._token),
                Route("GET", "/jwks", self._jwks),
            ]
        )
        self.issuer = self.server.address

    def stop(self) -> None:
        self.server.stop()

    def browse(self, address: str) -> bool:
        """What a person's browser does: opens the page, signs in, and follows where it is sent."""
        threading.Thread(target=self._open, args=(address,), daemon=True).start()
        return True

    def _open(self, address: str) -> None:
        with urllib.request.urlopen(address, timeout=10) as page:
            self.pages.append((page.status, page.read().decode()))

    def _configuration(self, _request: StubRequest) -> StubReply:
        at = self.issuer
        named = {"authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token", "jwks_uri": f"{at}/jwks"}
        return StubReply(200, {"issuer": at, **named})

    def _authorize(self, request: StubRequest) -> StubReply:
        asked = dict(request.params)
        self.asked.append(asked)
        code = f"canary-code-{len(self._codes)}"
        self._codes[code] = asked
        back = {"code": code, "state": asked["state"]} | self.returns
        return StubReply(302, None, {"Location": f"{asked['redirect_uri']}?{urlencode(back)}"})

    def _token(self, request: StubRequest) -> StubReply:
        form = {name: values[0] for name, values in parse_qs(request.body.decode(), strict_parsing=True).items()}
        asked = self._codes.pop(form.get("code", ""), None)
        if asked is None:
            return StubReply(400, {"error": "invalid_grant"})
        made = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        wrong = {
            "challenge": asked["code_challenge"] != made or asked["code_challenge_method"] != "S256",
            "redirect": asked["redirect_uri"] != form["redirect_uri"],
            "grant": form["grant_type"] != "authorization_code",
        }
        problem = next((name for name, is_wrong in wrong.items() if is_wrong), "")
        problem = problem or self.check.problem(form, f"{self.issuer}/token", self.client_id)
        if problem:
            self.problems.append(problem)
            return StubReply(400, {"error": "invalid_request"})
        return StubReply(200, {"id_token": self.id_token(asked["nonce"]), "access_token": "x", "token_type": "Bearer", "expires_in": 600})

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": self.client_id,
            "sub": "canary-sub",
            "iat": now,
            "exp": now + 600,
            "nonce": nonce,
            "selected_roleid": "555000000001",
            **self.claims,
        }
        held = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(held, self.signs_with, algorithm=self.algorithm, headers={"kid": self.kid})

    def _jwks(self, _request: StubRequest) -> StubReply:
        key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return StubReply(200, {"keys": [{**key, "kid": "op-1", "use": "sig"}]})
