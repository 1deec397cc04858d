/**
 * The read side of the API and of the console. {@code ReadApi} is the table of all read resources: it maps a path and query parameters to a
 * read model, a record that a page shows and that the API answers as JSON. Each subpackage has the read models of one subject and their
 * queries. Everything is read-only and reads the store of one moment; nothing is cached, and nothing that was not recorded is stated.
 *
 * <p>Every query is bounded: pages have at most 500 items, lists inside an item have fixed limits, and a search reads a fixed number of rows.
 */
@NullMarked
package io.licenserelay.view;

import org.jspecify.annotations.NullMarked;
