/** The settings of the server of API and console. */
@NullMarked
package io.licenserelay.config.web;

import org.jspecify.annotations.NullMarked;
