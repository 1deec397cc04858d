/** What this relay is: versions, configuration, rules, read-only. */
@NullMarked
package io.licenserelay.view.about;

import org.jspecify.annotations.NullMarked;
