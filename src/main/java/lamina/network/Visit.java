package lamina.network;

import java.util.List;
import lamina.network.Node.Leaf;

/**
 * A layer that a walk has come to.
 *
 * @param path where it is in the network: {@code features.0}
 * @param taken what flows into it
 * @param opaque whether a forward() that does not show may do something before it
 * @param isChainAssumed whether it is only assumed to follow the layer before it
 * @param isPublished whether it is part of a module whose forward() is published
 */
record Visit(
    Leaf leaf,
    String path,
    List<Flow> taken,
    boolean opaque,
    boolean isChainAssumed,
    boolean isPublished) {}
