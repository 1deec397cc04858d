/** A session at the SD-WAN Manager: login, requests, logout, and the versions that differ in how they do it. */
@NullMarked
package io.licenserelay.manager;

import org.jspecify.annotations.NullMarked;
