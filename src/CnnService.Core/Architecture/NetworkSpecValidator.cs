using CnnService.Core.Common;

namespace CnnService.Core.Architecture;

/// <summary>Refuses a bad network before a tensor exists, with every broken rule at once, and resolves a good one.</summary>
public static class NetworkSpecValidator
{
    /// <summary>Names layers, orders nothing, counts units, infers shapes. Errors go under <c>{path}.layers[i].field</c>.</summary>
    /// <param name="spec">As read from JSON.</param>
    /// <param name="classes">The number of classes, at least 2.</param>
    /// <param name="errors">Gets every broken rule.</param>
    /// <param name="path">JSON path of the network in the request.</param>
    /// <returns>Null if, and only if, errors were added.</returns>
    public static ResolvedNetwork? Resolve(NetworkSpec spec, int classes, ValidationErrors errors, string path = "architecture") =>
        throw new NotImplementedException("filled in by the Architecture topic");
}
