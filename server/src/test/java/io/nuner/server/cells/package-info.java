@NullMarked
package io.nuner.server.cells;

import org.jspecify.annotations.NullMarked;
