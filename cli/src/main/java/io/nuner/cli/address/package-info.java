/** Addresses of servers as people write them. */
@NullMarked
package io.nuner.cli.address;

import org.jspecify.annotations.NullMarked;
