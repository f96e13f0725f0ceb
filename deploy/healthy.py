"""The health check of the web container: exit code 0 if the readiness page answers 200 on the container's own port."""

import sys
import urllib.error
import urllib.request

try:
    with urllib.request.urlopen("http://127.0.0.1:8000/health/ready/", timeout=4) as response:
        sys.exit(response.status != 200)
except urllib.error.URLError as error:
    sys.exit(f"not ready: {error}")
