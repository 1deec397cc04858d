package io.licenserelay.config.site;

import io.licenserelay.text.WireNamed;

/** The format of the log of {@code run}. Other commands always log text. */
public enum ServiceLogFormat implements WireNamed {
    /** One readable line per message. */
    TEXT,
    /** One JSON object per message, with the field names of the Elastic Common Schema (ECS). */
    JSON
}
