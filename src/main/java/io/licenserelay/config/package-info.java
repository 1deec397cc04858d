/**
 * Reads the relay's configuration: sites and the shared store from {@code relay.yaml}, and settings from {@code application.properties}, the
 * environment and system properties. All problems are reported together, each with its place and its fix.
 */
@NullMarked
package io.licenserelay.config;

import org.jspecify.annotations.NullMarked;
