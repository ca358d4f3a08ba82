"""Says how many minutes a delivery will take."""


def predict(model, km):
    """Minutes for a distance in kilometres; never less than one."""
    return max(1.0, model["minutes_at_the_door"] + model["minutes_per_km"] * km)


def answer(model, request):
    """The reply to a request such as {"km": 3.5}."""
    km = request.get("km")
    if isinstance(km, bool) or not isinstance(km, int | float) or not 0 < km < 60:
        return {"status": 422, "detail": "km is a number between 0 and 60"}
    return {"status": 200, "minutes": round(predict(model, km), 1), "model": model["name"]}
