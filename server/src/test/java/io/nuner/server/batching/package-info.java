@NullMarked
package io.nuner.server.batching;

import org.jspecify.annotations.NullMarked;
