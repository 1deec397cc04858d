/**
 * What all read resources share: query parameters and their checks, pages with cursors, and the two ways in which a request has no answer
 * ({@code BadQuery}, {@code NoSuchItem}). Contains no SQL and knows no domain.
 */
@NullMarked
package io.licenserelay.view.query;

import org.jspecify.annotations.NullMarked;
