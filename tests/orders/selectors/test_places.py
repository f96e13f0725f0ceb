"""Where a map of the phone is sent."""

from urllib.parse import parse_qs, urlsplit

from orders.models import Site
from orders.selectors.worker import amap_uri
from staffing.core import geo


def test_amap_is_given_its_own_datum_longitude_first():
    site = Site(name="门店 1 & 2", latitude=31.2304, longitude=121.4737)
    asked = parse_qs(urlsplit(amap_uri(site)).query)
    longitude, latitude = map(float, asked["position"][0].split(","))
    shown = geo.to_wgs84(geo.Point(latitude, longitude))
    assert geo.distance_m(shown, geo.Point(site.latitude, site.longitude)) < 1
    assert geo.distance_m(geo.Point(latitude, longitude), geo.Point(site.latitude, site.longitude)) > 300
    assert asked["name"] == [site.name] and asked["coordinate"] == ["gaode"]
