@NullMarked
package io.nuner.server.simulation;

import org.jspecify.annotations.NullMarked;
