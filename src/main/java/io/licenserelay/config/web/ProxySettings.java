package io.licenserelay.config.web;

import java.util.List;

/**
 * A reverse proxy that logs users in.
 *
 * @param addresses numeric addresses of the proxy; empty for no proxy. Requests from other addresses cannot name a user
 * @param userHeader the request header in which the proxy names the user
 */
public record ProxySettings(List<String> addresses, String userHeader) {}
