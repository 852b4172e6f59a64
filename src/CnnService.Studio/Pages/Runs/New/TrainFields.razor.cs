using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Components;

namespace CnnService.Studio.Pages.Runs.New;

/// <summary>Everything that a training request can say. What is not set is left to the recipe.</summary>
public sealed partial class TrainFields
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly HashSet<string> Named =
        [.. TrainField.Groups.SelectMany(group => group.Fields).Select(field => field.Name)];

    private string? _restError;

    /// <summary>What was set; changed in place.</summary>
    [Parameter, EditorRequired]
    public JsonObject Request { get; set; } = [];

    /// <summary>Rules that the service found broken, by field.</summary>
    [Parameter]
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Errors { get; set; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>Broken rules of what has no field here.</summary>
    private List<KeyValuePair<string, IReadOnlyList<string>>> Others => [.. Errors.Where(error => !Named.Contains(error.Key))];

    /// <summary>What was set and has no field here.</summary>
    private string? Rest
    {
        get
        {
            var rest = new JsonObject(Request.Where(pair => !Named.Any(name => name.Split('.')[0] == pair.Key))
                .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
            return rest.Count == 0 ? null : rest.ToJsonString(Indented);
        }
    }

    private string? ErrorOf(string name) => Errors.TryGetValue(name, out var rules) ? string.Join("; ", rules) : null;

    private string? Read(TrainField field) => Read(field.Name);

    private string? Read(string name) => (name.Split('.') is [var outer, var inner] ? Request[outer]?[inner] : Request[name])?.ToString();

    private void Write(TrainField field, string? text)
    {
        JsonNode? value = string.IsNullOrWhiteSpace(text) ? null
            : field.IsNumber && decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? JsonValue.Create(number)
            : JsonValue.Create(text.Trim());
        var parts = field.Name.Split('.');
        var target = Request;
        if (parts.Length == 2)
        {
            if (Request[parts[0]] is not JsonObject)
            {
                Request[parts[0]] = new JsonObject();
            }

            target = Request[parts[0]]!.AsObject();
        }

        if (value is null)
        {
            target.Remove(parts[^1]);
        }
        else
        {
            target[parts[^1]] = value;
        }

        if (parts.Length == 2 && target.Count == 0)
        {
            Request.Remove(parts[0]);
        }
    }

    private void WriteRest(string? text)
    {
        _restError = null;
        try
        {
            var rest = string.IsNullOrWhiteSpace(text) ? [] : JsonNode.Parse(text) as JsonObject;
            if (rest is null)
            {
                _restError = "must be an object: { \"freeze\": [\"conv1\"] }";
                return;
            }

            foreach (var gone in Request.Select(pair => pair.Key).Where(key => !Named.Any(name => name.Split('.')[0] == key)).ToArray())
            {
                Request.Remove(gone);
            }

            foreach (var (name, value) in rest)
            {
                Request[name] = value?.DeepClone();
            }
        }
        catch (JsonException wrong)
        {
            _restError = wrong.Message;
        }
    }
}
