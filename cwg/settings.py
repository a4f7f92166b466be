"""The project's settings.

Nothing needs to be set on a developer's machine. `DEPLOYMENT=production` asks for what must not be
guessed and switches on what a public site needs. Each variable is explained in docs/settings.md.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from cwg import secret_key, service_urls, word_template
from cwg.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = Environment(os.environ)

# Where this runs

DEPLOYMENT = ENVIRONMENT.choice("DEPLOYMENT", ("development", "production"))
PRODUCTION = DEPLOYMENT == "production"
DEBUG = ENVIRONMENT.flag("DEBUG", default=not PRODUCTION)
if DEBUG and PRODUCTION:
    raise ImproperlyConfigured("DEBUG must not be true where DEPLOYMENT is production.")

DATA_DIR = Path(ENVIRONMENT.text("DATA_DIR", str(BASE_DIR / "var"))).absolute()
try:
    (DATA_DIR / "static").mkdir(parents=True, exist_ok=True)
except OSError as problem:
    raise ImproperlyConfigured(
        f"DATA_DIR, {DATA_DIR}, cannot be used: {problem.strerror}."
    ) from None

# What must not be guessed in production

if PRODUCTION:
    SECRET_KEY = ENVIRONMENT.required("SECRET_KEY", because="it signs sessions and links")
    ALLOWED_HOSTS = ENVIRONMENT.required(
        "ALLOWED_HOSTS", because="the site answers under these names only"
    ).split(",")
    DATABASE_URL = ENVIRONMENT.required("DATABASE_URL", because="it says where the record is kept")
else:
    SECRET_KEY = ENVIRONMENT.text("SECRET_KEY") or secret_key.kept_in(DATA_DIR / "secret-key")
    ALLOWED_HOSTS = ENVIRONMENT.words("ALLOWED_HOSTS") or ["localhost", "127.0.0.1", "[::1]"]
    DATABASE_URL = ENVIRONMENT.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'cwg.sqlite3'}")
SECRET_KEY_FALLBACKS = ENVIRONMENT.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = [host.strip() for host in ALLOWED_HOSTS if host.strip()]

DATABASES = {"default": service_urls.database("DATABASE_URL", DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The rooms and what they are built of

INSTALLED_APPS = [
    "cwg.accounts",
    "cwg.apps.SecretariatAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "auditlog",
    "django_filters",
    "meetings",
    "consultations",
    "cwg.report",
    "cwg.record",
    "cwg.fresh",
    "cwg.indexing",
    "cwg.duties",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cwg.private.PrivateMiddleware",
    "cwg.fresh.middleware.FreshMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cwg.accounts.middleware.ViewingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cwg.actor.ActorMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cwg.frame.only_group",
            ],
        },
    }
]

ROOT_URLCONF = "cwg.urls"
WSGI_APPLICATION = "cwg.wsgi.application"

# Languages and time

# The interface speaks English; the others are prepared. Half a page in another language helps
# nobody, so what a browser prefers is followed (LocaleMiddleware) from the first complete catalog on.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("fr", "Français"),
    ("es", "Español"),
    ("ru", "Русский"),
    ("ar", "العربية"),
    ("zh-hans", "中文"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["cwg.formats"]
TIME_ZONE = "UTC"
USE_TZ = True

# Files

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [
    BASE_DIR / "static",
    # The rules of an official document: one file for pages that embed one and for the HTML format.
    ("typesetting", BASE_DIR / "meetings" / "typesetting" / "static"),
]
MEDIA_ROOT = DATA_DIR / "files"
# The search index of this machine: derived from the database, and built anew where it is lost.
INDEX_ROOT = Path(ENVIRONMENT.text("INDEX_ROOT", str(DATA_DIR / "index"))).absolute()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names that carry a fingerprint need `collectstatic` first; nobody who develops should.
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# A meeting's page carries sixty outcomes of some forty fields each.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# The words of one form: ten answers at their longest, in any script. Files have limits of their own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
# What looks through each file that is sent here; its path is the last word of the command.
SCAN_COMMAND = ENVIRONMENT.command("SCAN_COMMAND")

# The Word file that staff made for the documents of their house; None is the one that ships.
WORD_TEMPLATE = word_template.named("WORD_TEMPLATE", ENVIRONMENT.text("WORD_TEMPLATE"))

# A secretariat of one person: who proposes to decline a contribution may decline it alone, and the
# contribution's history says so.
DECLINE_ALONE = ENVIRONMENT.flag("DECLINE_ALONE", default=False)

# Under which licence the data of published contributions is given: a name, and an address behind it.
# It is the house's own to decide; where none is set, pages and data say so.
DATA_LICENCE = ENVIRONMENT.text("DATA_LICENCE")

# Who signs in, and how

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "cwg.roles.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{rule}"}
    for rule in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "cwg.accounts.adapter.ClosedDoorAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Accounts are made by the secretariat, which knows the address: there is nothing to confirm.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Secretariat"
# How many proxies stand in front: their word is taken on the visitor's address and on https.
PROXIES = ENVIRONMENT.number("PROXIES", default=0)
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        # The limits on guessing passwords are kept here: every worker must see the same ones.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
    }
    if PRODUCTION
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# Above Django's 300 a third of the limits would be forgotten, and whoever guesses could bring that about.
CACHES["default"]["OPTIONS"] = {"MAX_ENTRIES": 20_000}

# How many public pages each process keeps in its memory. None for who develops: a template that was
# changed shows at once.
PAGES_KEPT = ENVIRONMENT.number("PAGES_KEPT", default=0 if DEBUG else 500)

# What a browser may do with a page

SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    # The code an authenticator reads is a picture inside the page.
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_TRUSTED_ORIGINS = ENVIRONMENT.words("CSRF_TRUSTED_ORIGINS")
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = ENVIRONMENT.number("HSTS_SECONDS", default=31_536_000 if PRODUCTION else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
# Preloading binds every name of an organisation's domain; that is not this site's to decide.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Mail

MAILERS = {"default": service_urls.mailer("EMAIL_URL", ENVIRONMENT.text("EMAIL_URL", "console:"))}
DEFAULT_FROM_EMAIL = ENVIRONMENT.text("EMAIL_FROM", "secretariat@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The site's own address, for links in what is read elsewhere.
SITE_ADDRESS = ENVIRONMENT.text(
    "SITE_ADDRESS",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else "http://127.0.0.1:8000",
).rstrip("/")
if not SITE_ADDRESS.startswith(("http://", "https://")):
    raise ImproperlyConfigured(
        f"SITE_ADDRESS must begin with http:// or https://, not “{SITE_ADDRESS}”."
    )

# What is written down about a running site

LOG_LEVEL = ENVIRONMENT.choice("LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR"))
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "cwg.discreet.DiscreetFormatter",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django adds a handler of its own to this one: each line would stand there twice.
        "django": {"handlers": [], "level": LOG_LEVEL},
        "django.server": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
    },
}

# Widgets are templates of the project, like everything else that is shown
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
