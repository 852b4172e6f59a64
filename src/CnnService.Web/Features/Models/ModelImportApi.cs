using System.Security.Cryptography;
using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Models.Import;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using CnnService.Web.Work;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>POST /models.</summary>
internal static class ModelImportApi
{
    private const string Operation = "models";
    private const int MaxFieldBytes = 1 << 20;

    private static readonly string[] Known = ["name", "file", "architecture", "labels", "preprocessing"];

    public static void MapModelImport(this RouteGroupBuilder models) => models.MapPost("/", ImportAsync)
        .WithName("ImportModel").WithSummary("Import a network trained elsewhere")
        .WithDescription(
            "`file` is an ONNX file, or a safetensors file of weights (PyTorch's or Keras's names) with an `architecture`: a preset's "
            + "name or a network in JSON. "
            + "`labels`: the classes, one a line (as text or as a file). `preprocessing`: `rescale`, `imagenet`, `caffe`, or JSON such as "
            + "`{\"channelOrder\":\"bgr\",\"scale\":1,\"mean\":[104,117,123],\"std\":[1,1,1]}`. The file is opened in a process of its "
            + "own under limits; "
            + "the answer, and later `GET` of the version, tells under `import` which weights were filled, which not, and what was "
            + "assumed. An ONNX operator that no layer stands for is named under `import.unsupported`: "
            + "the model then classifies through OnnxRuntime as it is (`import.graphOnly`), and its layers cannot be looked into. "
            + "`parity` compares the layers in TorchSharp with the served network in OnnxRuntime on 8 generated images "
            + "(soft colours and noise: there is no data set here); `import.againstFile` compares the served network with the ONNX file "
            + "itself on the same ones. Above 1e-4 the first is refused, and the second makes it a graph only. A file that lacks the "
            + "last layers' weights gives a network without classes, to look into and to start from.")
        .Accepts<IFormFile>("multipart/form-data")
        .WithForm(("name", FormFieldKind.Text), ("file", FormFieldKind.File), ("architecture", FormFieldKind.Text),
            ("labels", FormFieldKind.Text), ("preprocessing", FormFieldKind.Text))
        .Produces<ModelVersionResource>(201)
        .RequireAuthorization(Scopes.Train).ProducesProblems(400, 409, 413, 415, 422, 503, 507);

    private static async Task<Results<Created<ModelVersionResource>, ProblemResult>> ImportAsync(
        HttpContext http, [AsParameters] ModelImportServices parts)
    {
        http.AllowBody(limits => limits.ModelBytes);
        // The file, the weights and the ONNX file made of it, and a copy while they are published.
        if (DiskSpaceCheck.Check(parts.Folders, 4 * (http.Request.ContentLength ?? 0)) is { } full)
        {
            return full.ToResult();
        }

        var folder = Directory.CreateDirectory(Path.Combine(parts.Folders.Uploads, Guid.NewGuid().ToString("N"))).FullName;
        try
        {
            return await RunAsync(http, parts, folder).ToResultAsync(
                imported => TypedResults.Created($"/models/{imported.Model}/versions/{imported.Version}", imported));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<Outcome<ModelVersionResource>> RunAsync(HttpContext http, ModelImportServices parts, string folder)
    {
        var file = Path.Combine(folder, "file");
        return UploadAsync(http, parts, file)
            .BindAsync(form => Check(form, file)
                .BindAsync(request => ImportOnceAsync(http, parts, form.Fields["name"], request, folder)))
            .BindAsync(row => parts.Registry.ResolveAsync(row.Model, row.Version))
            .MapAsync(model =>
                ModelVersionResource.From(model.Name, model.Version, model.Manifest) with { Import = model.Manifest.Import });
    }

    private static Task<Outcome<ModelVersionRow>> ImportOnceAsync(
        HttpContext http, ModelImportServices parts, string name, ModelImportRequest request, string folder) =>
        new IdempotentRequest<ModelVersionRow>(
            parts.Keys, Operation, parts.Models.OfRunAsync, id => MakeAsync(http, parts, name, id, request, folder))
            .RunAsync(http.Request, Body(name, request), RunId.New(parts.Clock));

    private static async Task<Outcome<UploadedForm>> UploadAsync(HttpContext http, ModelImportServices parts, string file)
    {
        if (!await parts.Slots.WaitAsync(TimeSpan.Zero, http.RequestAborted))
        {
            return new Problem(ProblemKind.Unavailable, "upload.busy",
                "Several files are being uploaded already.")
            { RetryAfter = TimeSpan.FromSeconds(10) };
        }

        try
        {
            return await UploadedForm.ReadAsync(http.Request, file, MaxFieldBytes, http.RequestAborted);
        }
        finally
        {
            parts.Slots.Release();
        }
    }

    private static Outcome<ModelImportRequest> Check(UploadedForm form, string file)
    {
        var errors = new ValidationErrors();
        var name = form.Fields.GetValueOrDefault("name", string.Empty);
        errors.Require(form.HasFile, "file", "must be given: a network as .onnx, or weights as .safetensors");
        errors.Require(ResourceName.IsValid(name), "name", $"{ResourceName.Rule}, received \"{name}\"");
        foreach (var unknown in form.Fields.Keys.Where(field => !Known.Contains(field)))
        {
            errors.Add(unknown, $"is not a field here; the fields are {string.Join(", ", Known)}");
        }

        var request = new ModelImportRequest(file)
        {
            Architecture = Text(form, "architecture"),
            Labels = Text(form, "labels"),
            Preprocessing = Text(form, "preprocessing"),
        };
        request.Check(errors);
        return errors.Any ? Problem.Validation(errors) : request;
    }

    private static string? Text(UploadedForm form, string field) =>
        form.Fields.TryGetValue(field, out var text) && !string.IsNullOrWhiteSpace(text) ? text : null;

    /// <summary>What a key stands for: the file's content and all that was said about it.</summary>
    private static JsonElement Body(string name, ModelImportRequest request)
    {
        using var stream = File.OpenRead(request.File);
        return JsonSerializer.SerializeToElement(
            new
            {
                name,
                file = Convert.ToHexStringLower(SHA256.HashData(stream)),
                request.Architecture,
                request.Labels,
                request.Preprocessing
            });
    }

    private static Task<Outcome<ModelVersionRow>> MakeAsync(
        HttpContext http, ModelImportServices parts, string name, string id, ModelImportRequest request, string folder) =>
        parts.Process.RunAsync(request, folder, http.RequestAborted)
            .MapAsync(_ => parts.Publisher.PublishAsync(
                name, id, Path.Combine(folder, ModelImportChild.PackageFolder), Caller.Identify(http), http.RequestAborted))
            .MapAsync(version => new ModelVersionRow { Model = name, Version = version, RunId = id });
}

/// <summary>What importing a network needs.</summary>
internal sealed record ModelImportServices(
    ModelStore Models, ModelRegistry Registry, ModelPublisher Publisher, ModelImportProcess Process, IdempotencyStore Keys,
    UploadSlots Slots, DataFolders Folders, TimeProvider Clock);
