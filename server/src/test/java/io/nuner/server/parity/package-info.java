@NullMarked
package io.nuner.server.parity;

import org.jspecify.annotations.NullMarked;
