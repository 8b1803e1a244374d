"""Where Lightsail answers: its Regional, FIPS and dual-stack hosts, on one path."""

from lightsail_moto.responses import LightsailResponse

url_bases = [
    r"https?://lightsail(?:-fips)?\.(.+)\.amazonaws\.com",
    r"https?://lightsail(?:-fips)?\.(.+)\.api\.aws",
]

url_paths = {"{0}/$": LightsailResponse.dispatch}
