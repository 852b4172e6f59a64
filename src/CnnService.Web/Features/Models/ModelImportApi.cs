using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models.Import;
using CnnService.Core.Models.Starts;
using CnnService.Web.Artifacts;
using CnnService.Web.Artifacts.Uploads;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>POST /models: import of foreign models.</summary>
internal static class ModelImportApi
{
    private const string Operation = "models";
    private const int MaxFieldBytes = 1 << 20;
    private const int MaxFiles = 16;

    private static readonly string[] Known = ["name", "file", "architecture", "labels", "preprocessing", "output"];

    public static void MapModelImport(this RouteGroupBuilder models) => models.MapPost("/", ImportAsync)
        .WithName("ImportModel").WithSummary("Import a model trained elsewhere")
        .WithDescription(
            "`file` is an ONNX file (several parts named `file`, or a zip, where its weights lie in other files: `model.onnx` and "
            + "`model.onnx.data`), or a safetensors file of weights (named as in PyTorch or Keras) with an `architecture`. "
            + "`import`, also in the version's resource, lists weights found and missing, and the assumptions made. A network "
            + "without classes (`import.task`: `tensors`) gives its outputs under /v2. With operators that are no layers "
            + "(`import.unsupported`) the model "
            + "classifies as it is (`import.graphOnly`), and its layers cannot be visualized. `parity` compares the logits of the layers "
            + "in TorchSharp with those that are served, `import.againstFile` those with the file's own, on 8 generated images; above 1e-4 "
            + "the first rejects the import, the second makes the model a graph only.")
        .Accepts<IFormFile>("multipart/form-data")
        .WithForm(("name", FormFieldKind.Text), ("file", FormFieldKind.Files), ("architecture", FormFieldKind.Text),
            ("labels", FormFieldKind.Text), ("preprocessing", FormFieldKind.Text), ("output", FormFieldKind.Text))
        .TakesIdempotencyKey().AllowBody(limits => limits.ModelBytes)
        .Produces<ModelVersionResource>(201)
        .RequireAuthorization(Scopes.Train).ProducesProblems(400, 409, 413, 415, 422, 503, 507);

    private static async Task<Results<Created<ModelVersionResource>, ProblemResult>> ImportAsync(
        HttpContext http, [AsParameters] ModelImportServices services)
    {
        // Space for the upload, the weights and the ONNX file made of it, and a copy while they are published.
        if (DiskSpaceCheck.Check(services.Folders, 4 * (http.Request.ContentLength ?? 0)) is { } full)
        {
            return full.ToResult();
        }

        var folder = Directory.CreateDirectory(Path.Combine(services.Folders.Uploads, Guid.NewGuid().ToString("N"))).FullName;
        using var hold = UploadHold.Take(folder).Value; // Until it ends, nobody takes it for left behind.
        try
        {
            return await RunAsync(http, services, folder).ToResultAsync(
                imported => TypedResults.Created($"/models/{imported.Model}/versions/{imported.Version}", imported));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<Outcome<ModelVersionResource>> RunAsync(HttpContext http, ModelImportServices services, string folder)
    {
        var file = Path.Combine(folder, "file");
        return services.Slots
            .RunAsync(() => UploadedForm.ReadAsync(http.Request, file, MaxFieldBytes, http.RequestAborted, MaxFiles),
                http.RequestAborted)
            .BindAsync(form => Check(form, services.Registry.Starts.Catalog)
                .BindAsync(plan => ImportOnceAsync(http, services, form.Fields["name"], plan, folder)))
            .BindAsync(row => services.Registry.ResolveAsync(row.Model, row.Version))
            .MapAsync(model =>
                ModelVersionResource.From(model.Name, model.Version, model.Manifest) with { Import = model.Manifest.Import });
    }

    private static Task<Outcome<ModelVersionRow>> ImportOnceAsync(
        HttpContext http, ModelImportServices services, string name, ModelImportPlan plan, string folder) =>
        new IdempotentRequest<ModelVersionRow>(
            services.Keys, Operation, services.Models.OfRunAsync,
            (id, cancel) => MakeAsync(http, services, name, id, plan, folder, cancel))
            .RunAsync(http.Request, Body(name, plan), RunId.New(services.Clock));

    private static Outcome<ModelImportPlan> Check(UploadedForm form, StartCatalog starts)
    {
        var errors = new ValidationErrors();
        var name = form.Fields.GetValueOrDefault("name", string.Empty);
        errors.Require(form.HasFile, "file", "must be given: a network as .onnx, or weights as .safetensors");
        errors.Require(ResourceName.IsValid(name), "name", $"{ResourceName.Rule}, received \"{name}\"");
        errors.Require(!starts.Find(name).Succeeded, "name", $"must not be that of a trained start, received \"{name}\"");
        foreach (var unknown in form.Fields.Keys.Where(field => !Known.Contains(field)))
        {
            errors.Add(ReceivedText.Text(unknown), UnknownField.Message(unknown, Known));
        }

        var (network, companions) = Split(form.Files, errors);
        var plan = new ModelImportRequest(network)
        {
            Companions = companions,
            Output = Text(form, "output"),
            Architecture = Text(form, "architecture"),
            Labels = Text(form, "labels"),
            Preprocessing = Text(form, "preprocessing"),
        }.Parse(errors);
        return errors.ToOutcome(plan);
    }

    /// <summary>The network and, by name, the files that belong to it.</summary>
    private static (string Network, Dictionary<string, string> Companions) Split(
        IReadOnlyList<UploadedFile> files, ValidationErrors errors)
    {
        if (files.Count < 2)
        {
            return (files.Count == 0 ? string.Empty : files[0].Path, []);
        }

        var networks = files.Where(file => file.Name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase)).ToArray();
        errors.Require(networks.Length == 1, "file",
            $"of several, exactly one must be named *.onnx, received "
            + $"{string.Join(", ", files.Select(file => $"\"{ReceivedText.Text(file.Name)}\""))}");
        var companions = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files.Except(networks))
        {
            errors.Require(companions.TryAdd(file.Name, file.Path), "file", $"must not be there twice: \"{ReceivedText.Text(file.Name)}\"");
        }

        return (networks.FirstOrDefault()?.Path ?? string.Empty, companions);
    }

    private static string? Text(UploadedForm form, string field) =>
        form.Fields.TryGetValue(field, out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>What an idempotency key covers: the content of the files and all fields of the form.</summary>
    private static JsonElement Body(string name, ModelImportPlan plan) => JsonSerializer.SerializeToElement(
        new
        {
            name,
            plan = plan with
            {
                File = Hash(plan.File),
                Companions = plan.Companions.ToDictionary(file => file.Key, file => Hash(file.Value), StringComparer.Ordinal),
            },
        },
        CoreJson.Options);

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private static Task<Outcome<ModelVersionRow>> MakeAsync(
        HttpContext http, ModelImportServices services, string name, string id, ModelImportPlan plan, string folder,
        CancellationToken cancel) =>
        services.Process.RunAsync(plan, folder, cancel)
            .MapAsync(_ => services.Publisher.PublishAsync(
                name, id, Path.Combine(folder, ModelImportChild.PackageFolder), Caller.Identify(http), cancel))
            .MapAsync(version => new ModelVersionRow { Model = name, Version = version, RunId = id });
}

/// <summary>The services needed for importing a model.</summary>
internal sealed record ModelImportServices(
    ModelStore Models, ModelRegistry Registry, ModelPublisher Publisher, ModelImportProcess Process, IdempotencyStore Keys,
    UploadSlots Slots, DataFolders Folders, TimeProvider Clock);
