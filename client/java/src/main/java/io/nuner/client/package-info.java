@NullMarked
package io.nuner.client;

import org.jspecify.annotations.NullMarked;
