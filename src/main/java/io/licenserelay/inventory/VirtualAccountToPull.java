package io.licenserelay.inventory;

import io.licenserelay.site.Place;

/**
 * A virtual account whose lists are to be pulled.
 *
 * @param account the one it belongs to
 * @param listed whether SSM still lists it
 */
public record VirtualAccountToPull(Account account, Place place, boolean listed) {}
