@NullMarked
package io.nuner.server.costs;

import org.jspecify.annotations.NullMarked;
