/** A session at the SD-WAN Manager: login, requests and logout, and the differences between versions. */
@NullMarked
package io.licenserelay.manager;

import org.jspecify.annotations.NullMarked;
