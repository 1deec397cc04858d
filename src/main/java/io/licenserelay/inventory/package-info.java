/** What SSM holds, as last believed: accounts, licenses, subscriptions, devices, alerts; staged, compared, applied. */
@NullMarked
package io.licenserelay.inventory;

import org.jspecify.annotations.NullMarked;
