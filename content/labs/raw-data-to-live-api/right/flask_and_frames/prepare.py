"""Raw tables to one DataFrame, with pandas."""

import pandas as pd

NUMERIC = ["depth_m", "age_years", "hours", "vibration", "temperature", "pressure"]
TEXT = ["maker", "oil"]


def dates(column):
    dotted = column.str.contains(".", regex=False)
    iso = pd.to_datetime(column.where(~dotted), format="%Y-%m-%d")
    return iso.fillna(pd.to_datetime(column.where(dotted), format="%d.%m.%Y"))


def decimals(column):
    return pd.to_numeric(column.str.replace(",", ".", regex=False))


def words(column):
    column = column.str.strip().str.lower()
    return column.mask(column.isin(["", "?"]))


def load(folder="data"):
    read = {"dtype": "string", "keep_default_na": True}
    pumps = pd.read_csv(f"{folder}/pumps.csv", **read).drop_duplicates("pump_id")
    seen = pd.read_csv(f"{folder}/inspections.csv", **read).drop_duplicates("inspection_id")
    repairs = pd.read_csv(f"{folder}/repairs.csv", **read)

    table = seen.merge(pumps, on="pump_id", how="inner")
    table["day"] = dates(table["day"])
    table = table[table["day"] <= pd.Timestamp("2025-12-01")].reset_index(drop=True)

    feet = table["depth"].str.endswith("ft")
    table["depth_m"] = pd.to_numeric(table["depth"].str.replace("ft", "")) * (1 - feet * 0.6952)
    table["age_years"] = (table["day"] - dates(table["installed"])).dt.days / 365.25
    table["hours"] = pd.to_numeric(table["hours"])
    table["vibration"] = decimals(table["vibration"])
    degrees = pd.to_numeric(table["temperature"].str[:-1])
    warm = table["temperature"].str.endswith("F").fillna(False)
    table["temperature"] = degrees.where(~warm, (degrees - 32) / 1.8)
    pressure = decimals(table["pressure"])
    table["pressure"] = pressure.mask(pressure == -1)
    for name in TEXT:
        table[name] = words(table[name])

    failures = repairs[repairs["kind"] == "failure"].assign(broke=lambda t: dates(t["day"]))
    pairs = table[["inspection_id", "pump_id", "day"]].merge(failures[["pump_id", "broke"]], on="pump_id")
    ahead = (pairs["broke"] - pairs["day"]).dt.days
    bad = pairs.loc[ahead.between(1, 30), "inspection_id"].unique()
    table["failed"] = table["inspection_id"].isin(bad).astype(int)
    for name in NUMERIC:
        table[name] = table[name].astype("float64")
    for name in TEXT:
        table[name] = table[name].astype(object).where(table[name].notna(), None)
    return table[["inspection_id", "pump_id", *NUMERIC, *TEXT, "failed"]]


def split(table):
    """The last pumps by number are for measuring."""
    unseen = table["pump_id"].str[1:].astype(int) % 4 == 0
    return table[~unseen], table[unseen]
