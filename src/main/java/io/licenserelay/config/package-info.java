/**
 * Reads the relay's configuration: sites from {@code relay.yaml}, settings from {@code application.properties}, the environment and
 * system properties. All mistakes are reported at once, each with its place and its fix.
 */
@NullMarked
package io.licenserelay.config;

import org.jspecify.annotations.NullMarked;
