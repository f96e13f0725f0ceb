"""Sends applications to the agency and reads how far they have come. Python 3.9 or newer, nothing to install.

As a program it sends the applicants of a JSON file (an array) and prints what became of each:

    export AGENCY_URL=https://agency.example AGENCY_KEY=lk_… AGENCY_SECRET=…
    python partner_client.py applicants.json

As a module: `Agency(url, key, secret).submit(rows)`, and `is_genuine(secret, header, body)` for what we send to you.
"""

import hashlib
import hmac
import json
import os
import secrets
import sys
import time
import uuid
from urllib.error import HTTPError
from urllib.request import Request, urlopen

APPLICATIONS = "/api/v1/applications/"
BATCH = 500
TRIES = 5
OLDEST_SECONDS = 300


class Refused(Exception):
    """The agency said no; `problem` is its answer (RFC 9457)."""

    def __init__(self, status, problem):
        super().__init__(f"{status} {problem.get('code')}: {problem.get('detail')} {problem.get('errors', '')}")
        self.status = status
        self.problem = problem


class Agency:
    """The agency's API, with one key."""

    def __init__(self, url, key, secret, timeout=30):
        self.url = url.rstrip("/")
        self.key = key
        self.secret = secret
        self.timeout = timeout

    def submit(self, rows, retry_key=None):
        """Hand in one applicant (a dict) or many (a list). Many are sent in parts of 500; returns the rows' results.

        `retry_key` names this hand-in: after a crash, calling again with the same one changes nothing.
        """
        retry_key = retry_key or str(uuid.uuid4())
        if isinstance(rows, dict):
            return self._ask("POST", APPLICATIONS, rows, retry_key)
        results = []
        for start in range(0, len(rows), BATCH):
            answer = self._ask("POST", APPLICATIONS, rows[start : start + BATCH], f"{retry_key}-{start}")
            results += [{**row, "index": start + row["index"]} for row in answer["results"]]
        return results

    def application(self, number):
        """How far one application has come."""
        return self._ask("GET", f"{APPLICATIONS}{number}/")

    def applications(self, query=""):
        """All of them, page by page; `query` such as `status=active`."""
        page = 1
        while True:
            answer = self._ask("GET", f"{APPLICATIONS}?{query}{'&' if query else ''}page={page}")
            yield from answer["results"]
            if not answer["next"]:
                return
            page += 1

    def _ask(self, method, target, data=None, retry_key=None):
        """One request; asked again when the agency is busy, each time signed anew."""
        body = b"" if data is None else json.dumps(data).encode()
        for attempt in range(1, TRIES + 1):
            request = Request(self.url + target, body or None, self._headers(method, target, body, retry_key))
            request.method = method
            try:
                with urlopen(request, timeout=self.timeout) as answer:
                    return json.load(answer)
            except HTTPError as error:
                if error.code not in (429, 503) or attempt == TRIES:
                    raise Refused(error.code, json.load(error)) from None
                time.sleep(int(error.headers.get("Retry-After", 2**attempt)))

    def _headers(self, method, target, body, retry_key):
        headers = {"Authorization": self._signed(method, target, body), "Accept-Language": "en"}
        if body:
            headers["Content-Type"] = "application/json"
            headers["Idempotency-Key"] = retry_key
        return headers

    def _signed(self, method, target, body):
        now, nonce = str(int(time.time())), secrets.token_hex(16)
        text = "\n".join(["LINGKE1", method, target, now, nonce, hashlib.sha256(body).hexdigest()])
        made = hmac.new(self.secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        return f"Lingke-HMAC-SHA256 key={self.key},timestamp={now},nonce={nonce},signature={made}"


def is_genuine(secret, header, body, now=None):
    """Whether a message to your address is ours: the value of `X-Lingke-Signature`, and the body as bytes."""
    parts = [part.partition("=") for part in header.split(",")]
    stamp = next((value for name, _, value in parts if name == "t"), "")
    if not stamp.isdigit() or abs((now or time.time()) - int(stamp)) > OLDEST_SECONDS:
        return False
    made = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    # While a secret is being replaced there are two.
    return any(hmac.compare_digest(made, value) for name, _, value in parts if name == "v1")


def main():
    """Send the applicants of a file."""
    agency = Agency(os.environ["AGENCY_URL"], os.environ["AGENCY_KEY"], os.environ["AGENCY_SECRET"])
    with open(sys.argv[1], encoding="utf-8") as file:
        content = file.read()
    # The same file again is the same hand-in.
    for row in agency.submit(json.loads(content), hashlib.sha256(content.encode()).hexdigest()[:32]):
        told = row["application"]
        wrong = "; ".join(f"{each['pointer']}: {each['detail']}" for each in row["errors"] or [])
        print(row["index"], row["status"], f"#{told['id']} {told['status']}" if told else wrong)


if __name__ == "__main__":
    main()
