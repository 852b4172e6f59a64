using System.Buffers;
using System.Text.Json;

namespace CnnService.Core.Training.Advice;

/// <summary>Makes the request that acts on a piece of advice, ready to be posted.</summary>
public static class AdvisedRequest
{
    private const string RecipeField = "recipe";

    /// <summary>What stays when another recipe is advised: the rest would not go with it.</summary>
    private static readonly string[] Kept = ["dataset", "model", "seed", "device"];

    /// <summary>The advice with its request; unchanged where it asks for no change of the request.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="request">The run's request as it was sent.</param>
    public static RunAdvice Complete(RunAdvice advice, JsonElement request)
    {
        ArgumentNullException.ThrowIfNull(advice);
        if (advice.Change is null)
        {
            return advice;
        }

        using var change = JsonDocument.Parse(advice.Change);
        var written = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(written))
        {
            Write(writer, request, change.RootElement, change.RootElement.TryGetProperty(RecipeField, out _));
        }

        using var document = JsonDocument.Parse(written.WrittenMemory);
        return advice with { Request = document.RootElement.Clone() };
    }

    /// <summary>Writes an object with the members of the change in the place of its own, also within objects.</summary>
    private static void Write(Utf8JsonWriter writer, JsonElement own, JsonElement change, bool isOtherRecipe)
    {
        writer.WriteStartObject();
        foreach (var member in own.EnumerateObject().Where(member => !isOtherRecipe || Kept.Contains(member.Name)))
        {
            if (!change.TryGetProperty(member.Name, out var changed))
            {
                member.WriteTo(writer);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && changed.ValueKind == JsonValueKind.Object)
            {
                writer.WritePropertyName(member.Name);
                Write(writer, member.Value, changed, isOtherRecipe: false);
            }
        }

        foreach (var member in change.EnumerateObject().Where(member => !IsMerged(own, member)))
        {
            member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static bool IsMerged(JsonElement own, JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.Object && own.TryGetProperty(member.Name, out var mine)
        && mine.ValueKind == JsonValueKind.Object;
}
