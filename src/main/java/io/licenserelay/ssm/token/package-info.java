/**
 * OAuth tokens for SSM: requested with either grant and cached until shortly before they expire. A password attempt is stored before it is
 * sent, so that a restart does not repeat a refused password.
 */
@NullMarked
package io.licenserelay.ssm.token;

import org.jspecify.annotations.NullMarked;
