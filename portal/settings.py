"""The portal's settings: read once from the environment, frozen, refused when unsafe."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import Env, EnvError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from portal.kernel.keys import Keys, parse_key

ROOT = Path(__file__).resolve().parent.parent
LOCALES = ("zh_Hans", "zh_Hant", "en")
SITE = {"zh_Hans": "开放会客厅", "zh_Hant": "開放會客廳", "en": "Open Lounge"}
CITY = {"zh_Hans": "平澜市", "zh_Hant": "平瀾市", "en": "Pinglan"}


class UnsafeSettings(Exception):
    """The settings would run an unsafe or broken portal; the message says what to change."""


@dataclass(frozen=True)
class Settings:
    """Everything an operator can choose. Field names are those of the environment, without `PORTAL_`.

    `site_name` and `city_name` are by language: `PORTAL_SITE_NAME` holds for all, `PORTAL_SITE_NAME_EN` for one.
    """

    database_url: str
    secret_key: str = field(repr=False)
    keys: Keys = field(repr=False)
    redis_url: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    site_name: Mapping[str, str] = field(default_factory=lambda: dict(SITE))
    city_name: Mapping[str, str] = field(default_factory=lambda: dict(CITY))
    default_locale: str = "zh_Hans"
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    mail_url: str | None = field(default=None, repr=False)
    mail_from: str = ""
    alert_urls: tuple[str, ...] = field(default=(), repr=False)
    upload_dir: Path = Path("var/uploads")
    trusted_proxies: tuple[str, ...] = ()
    metrics_token: str | None = field(default=None, repr=False)
    log_format: str = "text"
    demo: bool = False
    demo_sign_in_anywhere: bool = False
    hall_networks: tuple[str, ...] = ()
    max_attachment_mb: int = 10
    max_attachments: int = 6


def load() -> Settings:
    """Settings from the environment. Raises `UnsafeSettings` with every fault found, in plain words."""
    env = Env(prefix="PORTAL_")
    try:
        demo = env.bool("DEMO", False)
        database_url = env.str("DATABASE_URL", "sqlite:///var/portal.db")
        secret, codes, data = _secrets(env, demo)
        settings = Settings(
            database_url=database_url,
            secret_key=secret,
            keys=Keys(codes=codes.encode(), data=tuple(parse_key(key) for key in data)),
            redis_url=env.str("REDIS_URL", "") or None,
            base_url=env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
            site_name=_in_languages(env, "SITE_NAME", SITE),
            city_name=_in_languages(env, "CITY_NAME", CITY),
            default_locale=env.str("DEFAULT_LOCALE", "zh_Hans"),
            timezone=ZoneInfo(env.str("TIMEZONE", "Asia/Shanghai")),
            mail_url=env.str("MAIL_URL", "") or (f"file:{env.str('KEY_DIR', 'var')}/mail" if demo else None),
            mail_from=env.str("MAIL_FROM", ""),
            alert_urls=tuple(env.list("ALERT_URLS", [])),
            upload_dir=Path(env.str("UPLOAD_DIR", "var/uploads")),
            trusted_proxies=tuple(env.list("TRUSTED_PROXIES", [])),
            metrics_token=env.str("METRICS_TOKEN", "") or None,
            log_format=env.str("LOG_FORMAT", "text"),
            demo=demo,
            demo_sign_in_anywhere=env.bool("DEMO_SIGN_IN_ANYWHERE", False),
            hall_networks=tuple(env.list("HALL_NETWORKS", [])),
            max_attachment_mb=env.int("MAX_ATTACHMENT_MB", 10),
            max_attachments=env.int("MAX_ATTACHMENTS", 6),
        )
    except (EnvError, ValueError, ZoneInfoNotFoundError) as error:
        raise UnsafeSettings(f"a setting cannot be read: {error}") from error
    _refuse_unsafe(settings)
    return settings


def _in_languages(env: Env, name: str, invented: Mapping[str, str]) -> Mapping[str, str]:
    """A name in every language: its own, else the one that was set for all, else the demonstration's."""
    common = env.str(name, "")
    return {
        locale: env.str(f"{name}_{locale.upper()}", "") or common or invented[locale] for locale in LOCALES
    }


def _refuse_unsafe(settings: Settings) -> None:
    faults = []
    if len(settings.secret_key) < 16:
        faults.append("PORTAL_SECRET_KEY must have at least 16 characters")
    if len(settings.keys.codes) < 16:
        faults.append("PORTAL_CODE_KEY must have at least 16 characters")
    if not settings.keys.data:
        faults.append("PORTAL_DATA_KEYS needs at least one key")
    if settings.default_locale not in LOCALES:
        faults.append(f"PORTAL_DEFAULT_LOCALE must be one of {', '.join(LOCALES)}")
    if settings.log_format not in ("text", "json"):
        faults.append("PORTAL_LOG_FORMAT must be text or json")
    faults += _wrong_database(settings.database_url)
    faults += _wrong_networks("PORTAL_TRUSTED_PROXIES", settings.trusted_proxies)
    faults += _wrong_networks("PORTAL_HALL_NETWORKS", settings.hall_networks)
    if faults:
        raise UnsafeSettings("; ".join(faults))


def _wrong_database(address: str) -> list[str]:
    try:
        url = make_url(address)
    except ArgumentError:
        return ["PORTAL_DATABASE_URL is not an address like sqlite:///var/portal.db"]
    if url.get_backend_name() not in ("sqlite", "postgresql"):
        return ["PORTAL_DATABASE_URL must begin with sqlite: or postgresql:"]
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        return ["PORTAL_DATABASE_URL needs a file: sqlite:///var/portal.db"]
    return []


def _wrong_networks(name: str, networks: tuple[str, ...]) -> list[str]:
    faults = []
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError:
            faults.append(f"{name}: {network!r} is neither an address nor a network")
    return faults


def _secrets(env: Env, demo: bool) -> tuple[str, str, list[str]]:
    secret, codes = env.str("SECRET_KEY", ""), env.str("CODE_KEY", "")
    data: list[str] = env.list("DATA_KEYS", [])
    if secret and codes and data:
        return secret, codes, data
    if not demo:
        raise UnsafeSettings(
            "PORTAL_SECRET_KEY, PORTAL_CODE_KEY and PORTAL_DATA_KEYS are required outside the demonstration"
        )
    made = demo_keys(Path(env.str("KEY_DIR", "var")))
    return secret or made[0], codes or made[1], data or [made[2]]


def demo_keys(folder: Path) -> tuple[str, str, str]:
    """The demonstration's own keys: made once, readable by their owner only, never part of a backup."""
    folder.mkdir(parents=True, exist_ok=True)
    return (
        _kept(folder / "secret.key"),
        _kept(folder / "code.key"),
        _kept(folder / "data.key"),
    )


def _kept(path: Path) -> str:
    with contextlib.suppress(FileExistsError), open(path, "x", opener=_private) as file:
        file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
