using System.Text.Json;
using System.Text.Json.Serialization;
using CnnService.Core.Common;
using Google.Protobuf;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>
/// Answers of the HTTP form as messages: the names of fields and enumerations are the same in both, so that what one form answers, the
/// other does. For small answers; tensors have a way of their own.
/// </summary>
internal static class RpcMessages
{
    /// <summary>Numbers as texts, because the parser of messages takes bare ones for float64.</summary>
    private static readonly JsonSerializerOptions Json = new(CoreJson.Options) { NumberHandling = JsonNumberHandling.WriteAsString };

    /// <summary>HTTP has fields of its own, such as the alternative inputs.</summary>
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>The message with the fields of an answer.</summary>
    /// <exception cref="global::Grpc.Core.RpcException">The answer is a problem.</exception>
    public static async Task<T> ToMessageAsync<T>(this Task<Outcome<object>> answer)
        where T : IMessage, new() => ToMessage<T>((await answer).OrThrow());

    /// <summary>The message with the fields of an answer.</summary>
    public static T ToMessage<T>(object answer)
        where T : IMessage, new() => Parser.Parse<T>(JsonSerializer.Serialize(answer, Json));
}
