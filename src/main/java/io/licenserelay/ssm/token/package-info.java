/**
 * OAuth tokens for SSM: asked for with each grant, kept until shortly before they expire. A password is written down before it is
 * sent, so that no restart repeats a refused one.
 */
@NullMarked
package io.licenserelay.ssm.token;

import org.jspecify.annotations.NullMarked;
