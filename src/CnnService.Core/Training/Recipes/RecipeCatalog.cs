using System.Buffers;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Core.Training.Recipes;

/// <summary>The recipes, and how they fill in requests.</summary>
public static class RecipeCatalog
{
    /// <summary>The field that names a recipe.</summary>
    public const string Field = "recipe";

    public static IReadOnlyList<Recipe> All { get; } =
    [
        new("article",
            "The network of the article, trained from scratch on your images alone. The default where no recipe is named.",
            """
            {
              "architecture": "article-cnn", "epochs": 30, "batchSize": 32,
              "optimizer": { "name": "adam", "learningRate": 0.0001 }, "schedule": { "name": "constant" },
              "augmentation": "none", "normalization": "rescale"
            }
            """),
        new("quick",
            "A network trained on ImageNet, left as it is, and a classifier fitted to what it sees in your images. Done in about a minute "
            + "for a few thousand photographs; good with as few as ten a class.",
            """{ "startFrom": { "pretrained": "resnet18-mlnet" }, "classifier": { "views": 1 } }"""),
        new("best",
            "What quick does, then the end of the network is trained too, at small rates on changed copies of your images, and whichever "
            + "is better on the validation images is kept. Takes minutes; timeBudget bounds them.",
            """
            {
              "startFrom": { "pretrained": "resnet18-mlnet" }, "classifier": { "views": 1 }, "fineTuning": { "share": 0.25 },
              "epochs": 10, "batchSize": 32,
              "optimizer": { "name": "adamw", "learningRate": 0.0001, "weightDecay": 0.01 },
              "schedule": { "name": "cosine" },
              "augmentation": { "horizontalFlip": true }
            }
            """),
    ];

    /// <summary>The recipe that is meant where none is named.</summary>
    public static Recipe Default => All[0];

    /// <summary>
    /// What is meant where a start is named and nothing is said of how to train it: a classifier on its features, as by the recipe quick.
    /// </summary>
    private static readonly Recipe StartAlone = All[1] with { Fields = """{ "classifier": { "views": 1 } }""" };

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(recipe => recipe.Name)];

    public static Recipe? Find(string? name) => All.FirstOrDefault(recipe => recipe.Name == name);

    /// <summary>
    /// The request with the fields of its recipe where it has none of its own, also within objects; the same where it names none and says
    /// how to train.
    /// </summary>
    /// <param name="body">A training request as received; anything else is returned as it is.</param>
    public static JsonElement Fill(JsonElement body) => MeantBy(body) is { } recipe ? Fill(body, recipe) : body;

    /// <summary>The request with the fields of a recipe, whether it names it or not. What is wrong with it stays for its reader.</summary>
    public static JsonElement Fill(JsonElement body, Recipe recipe)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        using var fields = JsonDocument.Parse(recipe.Fields);
        var filled = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(filled))
        {
            Write(writer, body, fields.RootElement);
        }

        using var document = JsonDocument.Parse(filled.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>
    /// What a request stands for: the recipe it names or means, with its fields filled in. A request that starts from a model and says how
    /// to train it stands for itself.
    /// </summary>
    public static (Recipe? Recipe, JsonElement Request) Explain(JsonElement body) =>
        MeantBy(body) is { } meant ? (meant, Fill(body, meant))
        : body.TryGetProperty("startFrom", out _) ? (null, body)
        : (Default, Fill(body, Default));

    private static Recipe? MeantBy(JsonElement body) => NamedBy(body) ?? (IsStartAlone(body) ? StartAlone : null);

    private static bool IsStartAlone(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("startFrom", out _) && !body.TryGetProperty(Field, out _)
        && !TrainingFields.OfStarts.Any(field => body.TryGetProperty(field, out _));

    private static Recipe? NamedBy(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(Field, out var name) ? Find(JsonFieldReader.Text(name)) : null;

    /// <summary>Writes an object with its own members, then those of the recipe that it lacks.</summary>
    private static void Write(Utf8JsonWriter writer, JsonElement own, JsonElement fields)
    {
        var names = own.EnumerateObject().Select(JsonFieldReader.NameOf).ToHashSet(StringComparer.Ordinal);
        if (names.Contains(null))
        {
            writer.WriteRawValue(own.GetRawText()); // A name that is no Unicode: its reader says so.
            return;
        }

        writer.WriteStartObject();
        foreach (var member in own.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            if (fields.TryGetProperty(member.Name, out var inner) && MayFill(member.Value, inner))
            {
                Write(writer, member.Value, inner);
            }
            else
            {
                writer.WriteRawValue(member.Value.GetRawText(), skipInputValidation: true);
            }
        }

        foreach (var field in fields.EnumerateObject().Where(field => !names.Contains(field.Name)))
        {
            field.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    /// <summary>Objects that say by a name what they are take the fields of one of the same name only.</summary>
    private static bool MayFill(JsonElement own, JsonElement fields) =>
        own.ValueKind == JsonValueKind.Object && fields.ValueKind == JsonValueKind.Object
        && !own.TryGetProperty("model", out _)
        && (!own.TryGetProperty("name", out var name)
            || (fields.TryGetProperty("name", out var theirs) && name.GetRawText() == theirs.GetRawText()));
}
