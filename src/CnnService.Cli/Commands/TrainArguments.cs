using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;
using CnnService.Core.Training.Recipes;
using CnnService.Core.Training.Requests;

namespace CnnService.Cli.Commands;

/// <summary>
/// The training request of <c>cnn train</c>, with the fields of POST /train: from a file, then <c>--set field=value</c>, then options for
/// the most common fields; later sources override earlier ones.
/// </summary>
internal static class TrainArguments
{
    /// <summary>Name of the data set in the request: one given on the command line has none.</summary>
    public const string DatasetName = "data";

    private static readonly Option<FileInfo?> Request = new("--request")
    {
        Description = "A JSON file with the fields of POST /train; dataset and model are left out."
    };
    private static readonly Option<string[]> Set = new("--set")
    {
        Description = "A field of the request, such as optimizer.learningRate=0.001 or augmentation=article. May be repeated."
    };
    private static readonly Option<string?> Architecture = new("--architecture")
    {
        Description = "A preset's name or a JSON file; article-cnn by default."
    };

    private static readonly Option<DirectoryInfo?> StartFrom = new("--start-from")
    {
        Description = "The folder of a model whose trained layers are gone on from; the field startFrom may add upTo.",
    };

    private static readonly Option<string?> Pretrained = new("--pretrained")
    {
        Description = "A trained start to go on from; cnn starts lists them.",
    };

    private static readonly (Option<string?> Option, string Field)[] Fields =
    [
        (new("--recipe") { Description = $"{Recipes()}; cnn recipes tells what they do." }, RecipeCatalog.Field),
        (new("--image-size") { Description = "Side of a preset's input in pixels." }, "imageSize"),
        (new("--epochs") { Description = "30 by default." }, "epochs"),
        (new("--batch-size") { Description = "32 by default." }, "batchSize"),
        (new("--learning-rate") { Description = "0.0001 by default." }, "optimizer.learningRate"),
        (new("--augmentation") { Description = "none (the default), article or strong." }, "augmentation"),
        (new("--seed") { Description = "42 by default." }, "seed"),
        (new("--time-budget") { Description = "Most time until the model is there, such as 00:10:00; training ends early to keep it." },
            "timeBudget"),
        (new("--precision") { Description = "auto (the default), float32 or bfloat16." }, "precision"),
    ];

    public static void AddTo(Command command)
    {
        command.Options.Add(Request);
        command.Options.Add(Set);
        command.Options.Add(Architecture);
        command.Options.Add(StartFrom);
        command.Options.Add(Pretrained);
        foreach (var (option, _) in Fields)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The request; null if errors were added.</summary>
    public static TrainRequest? Read(ParseResult arguments, ValidationErrors errors)
    {
        var json = ReadJson(arguments, errors);
        json["dataset"] = DatasetName;
        NameStart(json, arguments, errors);
        var request = TrainRequestReader.Read(JsonSerializer.SerializeToElement(json), errors);
        return errors.Any ? null : request;
    }

    /// <summary>The request as it is sent to a service, but for its data set; the service checks it.</summary>
    public static JsonObject ReadForService(ParseResult arguments, ValidationErrors errors)
    {
        errors.Require(
            arguments.GetValue(StartFrom) is null, "--start-from",
            "names a folder of this machine: with --url give --set startFrom=MODEL, a model of the service");
        return ReadJson(arguments, errors);
    }

    private static JsonObject ReadJson(ParseResult arguments, ValidationErrors errors)
    {
        var json = FromFile(arguments.GetValue(Request), errors) ?? [];
        foreach (var pair in arguments.GetValue(Set) ?? [])
        {
            var parts = pair.Split('=', 2);
            if (errors.Require(parts.Length == 2, "--set", $"must be field=value, received {pair}"))
            {
                SetField(json, parts[0], parts[1], errors);
            }
        }

        foreach (var (option, field) in Fields)
        {
            if (arguments.GetValue(option) is { } value)
            {
                SetField(json, field, value, errors);
            }
        }

        if (arguments.GetValue(Architecture) is { } architecture)
        {
            json["architecture"] = File.Exists(architecture)
                ? Parse(File.ReadAllText(architecture), "--architecture", errors)
                : architecture;
        }

        if (arguments.GetValue(Pretrained) is { } pretrained)
        {
            SetField(json, "startFrom.pretrained", pretrained, errors);
        }

        return json;
    }

    /// <summary>
    /// The model to go on from; null where none is given. Problem codes: those of reading a model's folder and of the starts, and
    /// <c>model.no-layers</c>.
    /// </summary>
    public static async Task<Outcome<LoadedModel>?> StartAsync(
        TrainRequest request, ParseResult arguments, StartLibrary starts, CancellationToken cancel) =>
        request.StartFrom?.Pretrained is { } name ? await starts.LoadAsync(name, cancel).BindAsync(model => model.RequireLayers())
        : arguments.GetValue(StartFrom) is { } folder
            ? Engines.LoadModel(folder).Bind(model => model.RequireLayers()).Map(model => model with { Name = NameOf(folder) })
            : null;

    /// <summary>There are no versions and aliases here, and so none of their signs.</summary>
    private static string NameOf(DirectoryInfo folder) => folder.Name.Replace(':', '-').Replace('@', '-');

    /// <summary>A folder takes the place of the model that a request to a service would name.</summary>
    private static void NameStart(JsonObject json, ParseResult arguments, ValidationErrors errors)
    {
        var isPretrained = (json["startFrom"] as JsonObject)?["pretrained"] is not null;
        if (arguments.GetValue(StartFrom) is not { } folder)
        {
            errors.Require(
                json["startFrom"] is null || isPretrained,
                "startFrom",
                "names a model of a service, and here is none: give --start-from and the folder of a model, or --pretrained");
            return;
        }

        errors.Require(!isPretrained, "startFrom", "must be either a folder or a trained start");

        var start = json["startFrom"] as JsonObject;
        errors.Require(
            json["startFrom"] is null || start is not null,
            "startFrom",
            "must be an object beside --start-from, which names the model");
        errors.Require(
            start?["model"] is null && start?["version"] is null,
            "startFrom",
            "must have no model and no version beside --start-from, which names the model");
        json["startFrom"] = new JsonObject { ["model"] = NameOf(folder), ["upTo"] = start?["upTo"]?.DeepClone() };
    }

    private static string Recipes() => string.Join(" or ", RecipeCatalog.Names.Select(
        name => name == RecipeCatalog.Default.Name ? $"{name} (the default)" : name));

    private static JsonObject? FromFile(FileInfo? file, ValidationErrors errors)
    {
        if (file is null)
        {
            return null;
        }

        if (!errors.Require(file.Exists, "--request", $"must name a file, received {file.FullName}"))
        {
            return null;
        }

        var json = Parse(File.ReadAllText(file.FullName), "--request", errors) as JsonObject;
        errors.Require(json is not null || errors.Any, "--request", "must hold a JSON object");
        return json;
    }

    private static JsonNode? Parse(string text, string path, ValidationErrors errors)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException malformed)
        {
            errors.Add(path, $"must be JSON: {malformed.Message}");
            return null;
        }
    }

    /// <summary>Sets a field: the value is parsed as JSON if it is valid JSON, else taken as a string.</summary>
    private static void SetField(JsonObject json, string path, string value, ValidationErrors errors)
    {
        var names = path.Split('.');
        foreach (var name in names[..^1])
        {
            if (json[name] is not JsonObject inner)
            {
                errors.Require(json[name] is null, path, $"must be below an object, but {name} is none");
                json[name] = inner = [];
            }

            json = inner;
        }

        try
        {
            json[names[^1]] = JsonNode.Parse(value);
        }
        catch (JsonException)
        {
            json[names[^1]] = value;
        }
    }
}
