using System.Text.Json;

namespace CnnService.Core.Common;

/// <summary>
/// A part of a request that reads itself, because it has more than one JSON form or rules beyond those of its fields' types.
/// </summary>
/// <typeparam name="TSelf">The type that is read.</typeparam>
public interface IJsonReadable<TSelf>
    where TSelf : class, IJsonReadable<TSelf>
{
    /// <summary>Reads the value; null only where errors were added.</summary>
    /// <param name="json">Never JSON null.</param>
    /// <param name="errors">Receives every broken rule; paths are relative to this part.</param>
    static abstract TSelf? Read(JsonElement json, ValidationErrors errors);
}
