/**
 * What the relay is told: the sites of {@code relay.yaml}, the settings of {@code application.properties}, secrets and
 * trust. Nothing here talks to a server.
 */
@NullMarked
package io.licenserelay.site;

import org.jspecify.annotations.NullMarked;
