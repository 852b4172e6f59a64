using System.Text.Json;

namespace CnnService.Core.Common;

/// <summary>A part of a request that has more than one form, or that knows more rules than its fields' types: it reads itself.</summary>
/// <typeparam name="TSelf">What is read.</typeparam>
public interface IJsonReadable<TSelf>
    where TSelf : class, IJsonReadable<TSelf>
{
    /// <summary>What was sent, as the flows use it; null only where errors were added.</summary>
    /// <param name="json">Never null in the sense of JSON.</param>
    /// <param name="errors">Gets every broken rule; its paths are seen from this part.</param>
    static abstract TSelf? Read(JsonElement json, ValidationErrors errors);
}
