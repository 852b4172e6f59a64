using CnnService.Core.Architecture;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Interpretation.Attribution;
using CnnService.Core.Models;
using CnnService.Core.Models.Quantization;
using CnnService.Web.Artifacts;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>/models: the results of training.</summary>
internal static class ModelsApi
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var models = routes.MapGroup("/models").WithTags("Models");
        models.MapGet("/", ListAsync).WithName("ListModels").WithSummary("List models by name").RequireAuthorization(Scopes.Read)
            .ProducesProblems(400);
        models.MapModelImport();
        models.MapGet("/{name}", GetAsync).WithName("GetModel").WithSummary("A model's versions and aliases")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404);
        models.MapGet("/{name}/versions/{version}", GetVersionAsync).WithName("GetModelVersion")
            .WithSummary("A version: classes, preprocessing, metrics, parity, hashes, origin")
            .WithDescription(
                "`parity`: the served network (OnnxRuntime) against `reference`, on images of its data set, or `generated` ones for "
                + "imported models.")
            .RequireAuthorization(Scopes.Read).ProducesProblems(404, 503);
        models.MapGet("/{name}/versions/{version}/onnx", OnnxAsync).WithName("DownloadOnnx").AllowHead().WithSummary("The network as ONNX")
            .WithDescription(
                "Opset 17, IR 8, dynamic batch size. By default the file that is served. `precision=float16` stores weights in half the "
                + "size (computation remains float32), `int8` is the accepted 8-bit network. `graph=gradient` is the network with the "
                + "gradient of its class scores: inputs `input` and `output_weights` `[N,K]` (1 for the class, else 0); outputs `logits`, "
                + "`scores`, `input_gradients` and, with `layer`, `activations` and `activation_gradients`: saliency and Grad-CAM.")
            .Produces(200, contentType: "application/octet-stream").AllowsRanges()
            .RequireAuthorization(Scopes.Read).ProducesProblems(400, 404, 409, 422, 503);
        models.MapGet("/{name}/versions/{version}/weights", WeightsAsync).WithName("DownloadWeights").AllowHead()
            .WithSummary("The weights as safetensors")
            .WithDescription(
                "Float32 tensors `<layer>.weight` (convolution `[out,in/groups,h,w]`, dense `[out,in]`), `<layer>.bias` and the "
                + "statistics of normalizations.")
            .Produces(200, contentType: "application/octet-stream").AllowsRanges()
            .RequireAuthorization(Scopes.Read).ProducesProblems(404, 422, 503);
        models.MapGet("/{name}/versions/{version}/summary", SummaryAsync).WithName("GetModelSummary").WithSummary(
            "The layer table of a version")
            .WithDescription(
                "As `POST /architectures/describe` gives it. `format=png` or `svg` draws the network instead.")
            .RequireAuthorization(Scopes.Read).Produces<ArchitectureSummary>(200).ProducesFigureToo().ValidateParameters()
            .ProducesProblems(400, 404, 422, 503);
        models.MapCalibration();
        models.MapThresholds();
        models.MapAliases();
        models.MapQuantization();
        models.MapServing();
        models.MapDelete("/{name}", DeleteAsync).WithName("DeleteModel").WithSummary("Delete a model with all its versions")
            .RequireAuthorization(Scopes.Admin).ProducesProblems(404);
        models.MapDelete("/{name}/versions/{version:int}", DeleteVersionAsync).WithName("DeleteModelVersion")
            .WithSummary("Delete one version").RequireAuthorization(Scopes.Admin).ProducesProblems(404);
    }

    private static Task<Results<Ok<Page<ModelResource>>, ProblemResult>> ListAsync(
        ModelReader models, int? limit, string? after, CancellationToken cancel) =>
        Paging.Limit(limit, after, ResourceName.IsValid).ToResultAsync(async pageSize =>
        {
            var names = await models.Store.NamesAsync(pageSize + 1, after, cancel);
            var resources = new List<ModelResource>();
            foreach (var name in names.Take(pageSize))
            {
                resources.Add(await models.ReadAsync(name, cancel));
            }

            return TypedResults.Ok(new Page<ModelResource>(resources, names.Count > pageSize ? names[pageSize - 1] : null));
        });

    private static async Task<Results<Ok<ModelResource>, ProblemResult>> GetAsync(
        ModelReader models, string name, CancellationToken cancel)
    {
        var model = await models.ReadAsync(name, cancel);
        return model.Aliases.Count == 0 ? NotFound(name).ToResult() : TypedResults.Ok(model);
    }

    private static Task<Results<Ok<ModelVersionResource>, ProblemResult>> GetVersionAsync(
        ModelRegistry registry, VersionReader versions, string name, string version, CancellationToken cancel) =>
        registry.ResolveAsync(name, version).ToResultAsync(async model => TypedResults.Ok(await versions.ReadAsync(model, cancel)));

    private static async Task<IResult> OnnxAsync(
        [AsParameters] OnnxFileServices services, string name, string version, string? preprocessing, string? precision, bool? fold,
        string? graph, string? layer)
    {
        var (registry, exporter, gradients) = services;
        var errors = new ValidationErrors();
        errors.Require(graph is null or "network" or "gradient", "graph", $"must be network or gradient, received \"{graph}\"");
        errors.Require(layer is null || graph == "gradient", "layer", "belongs to graph=gradient only");
        errors.Require(
            graph != "gradient" || (preprocessing is null or "separate" && precision is null or "float32" && fold is not true), "graph",
            "gradient cannot be had with preprocessing=included, precision=float16 or fold=true");
        errors.Require(preprocessing is null or "separate" or "included", "preprocessing",
            $"must be separate or included, received \"{preprocessing}\"");
        errors.Require(precision is null or "float32" or "float16" or "int8", "precision",
            $"must be float32, float16 or int8, received \"{precision}\"");
        errors.Require(precision != "int8" || (preprocessing is null or "separate" && fold is not false), "precision",
            "int8 cannot be had with preprocessing=included or fold=false");
        var options = new ExportVariant
        {
            IncludePreprocessing = preprocessing == "included",
            HalfWeights = precision == "float16",
            FoldBatchNormalization = fold ?? false,
        };
        return errors.Any ? Problem.Validation(errors).ToResult()
            : graph == "gradient" ? await GradientAsync(registry, gradients, name, version, layer)
            : precision == "int8" ? await QuantizedAsync(registry, name, version)
            : options == new ExportVariant() ? await DownloadAsync(registry, name, version, model => model.OnnxPath, ".onnx")
            : await ExportAsync(registry, exporter, name, version, options);
    }

    private static Task<IResult> QuantizedAsync(ModelRegistry registry, string name, string version) => DownloadAsync(
        registry, name, version,
        model => QuantizedFiles.Find(model) is { } path ? path : QuantizedFiles.NotAccepted(model), "-int8.onnx");

    private static async Task<IResult> GradientAsync(
        ModelRegistry registry, IClassGradients gradients, string name, string version, string? layer)
    {
        var found = (await registry.ResolveAsync(name, version)).Bind(model => model.RequireLayers());
        var file = found.Bind(model => layer is null || model.Network.Find(layer) is not null ? gradients.Export(model, layer)
            : MissingLayer.Describe(model, layer, [.. model.Network.Layers.Select(known => known.Name)]));
        return file.ToIResult(
            content => TypedResults.File(content, "application/octet-stream", FileName(found.Value, "-gradient.onnx")));
    }

    /// <summary>Name of a downloaded file. Contains the version's number, as an alias may name another version later.</summary>
    private static string FileName(LoadedModel model, string suffix) => $"{model.Name}-{model.Version}{suffix}";

    /// <summary>Distinguishes the files of a version.</summary>
    private static string Suffix(ExportVariant options) =>
        $"{(options.IncludePreprocessing ? "-pixels" : "")}{(options.HalfWeights ? "-float16" : "")}"
        + $"{(options.FoldBatchNormalization ? "-folded" : "")}";

    private static async Task<IResult> ExportAsync(
        ModelRegistry registry, IModelExporter exporter, string name, string version, ExportVariant options)
    {
        var model = await registry.ResolveAsync(name, version);
        var file = model.Bind(found => found.RequireLayers()).Bind(found => found.ReadWeights().Bind(weights => found.ReadFamiliarity()
            .Map(familiarity => exporter.Export(found.Network, weights, found.Manifest.Classes, found.Manifest.Preprocessing,
                options with
                {
                    NodeNames = found.Manifest.Source?.LayerNames ?? options.NodeNames,
                    Temperature = found.Manifest.Calibration?.Temperature ?? 1,
                    Familiarity = familiarity,
                }))));
        return file.ToIResult(
            content => TypedResults.File(content, "application/octet-stream", FileName(model.Value, $"{Suffix(options)}.onnx")));
    }

    private static Task<IResult> WeightsAsync(ModelRegistry registry, string name, string version) =>
        DownloadAsync(registry, name, version, model => model.RequireLayers().Bind<string>(found => found.WeightsPath), ".safetensors");

    private static async Task<IResult> DownloadAsync(
        ModelRegistry registry, string name, string version, Func<LoadedModel, Outcome<string>> file, string suffix)
    {
        var model = await registry.ResolveAsync(name, version);
        return model.Bind(file).ToIResult(path => TypedResults.PhysicalFile(
            path, "application/octet-stream", FileName(model.Value, suffix), enableRangeProcessing: true));
    }

    private static async Task<IResult> SummaryAsync(
        ModelRegistry registry, IFigureRenderer figures, string name, string version, [AsParameters] NetworkQuery query)
    {
        var model = await registry.ResolveAsync(name, version);
        var network = model.Bind(found => query.IsImage ? NetworkDrawingResult.Check(found.Network) : found.Network);
        return network.ToIResult(found => query.IsImage
            ? NetworkDrawingResult.Render(figures, found, $"{name}:{model.Value.Version}", query)
            : TypedResults.Ok(ArchitectureSummary.Create(found)));
    }

    private static Task<Results<NoContent, ProblemResult>> DeleteAsync(
        HttpContext http, [AsParameters] ModelRequestServices services, string name) => RemoveAsync(http, services, name, null);

    private static Task<Results<NoContent, ProblemResult>> DeleteVersionAsync(
        HttpContext http, [AsParameters] ModelRequestServices services, string name, int version) =>
        RemoveAsync(http, services, name, version);

    private static async Task<Results<NoContent, ProblemResult>> RemoveAsync(
        HttpContext http, ModelRequestServices services, string name, int? version)
    {
        var files = (await services.Models.VersionsAsync(name, http.RequestAborted)).ToDictionary(row => row.Version, row => row.Files);
        var gone = await services.Models.DeleteAsync(name, version, Caller.Identify(http), http.RequestAborted);
        foreach (var number in gone)
        {
            services.Registry.Forget(name, number);
            services.Classifier.Unload(services.Folders.ModelVersion(name, number));
            await services.Folders.DeleteAsync(services.Folders.ModelVersion(name, number), files.GetValueOrDefault(number));
        }

        // To the end, even if the client has gone: the versions are deleted.
        if (gone.Count > 0 && (await services.Models.VersionsAsync(name, CancellationToken.None)).Count == 0)
        {
            services.Serving.Remove(name);
            await services.Observers.ForgetAsync(name);
        }

        return gone.Count > 0 ? TypedResults.NoContent() : NotFound(name).ToResult();
    }

    private static Problem NotFound(string name) =>
        Problem.NotFound("model.not-found", $"There is no model '{ReceivedText.Text(name)}'.{Hint(name)}");

    /// <summary>A hint if the name contains a version or alias as in queries.</summary>
    private static string Hint(string name) =>
        name.Split(':', '@') is [var model, var version] && ResourceName.IsValid(model) && ResourceName.IsValid(version)
        ? $" A version of '{model}' is at /models/{model}/versions/{version}; where a model is named, it is "
            + $"'{model}:1' by its number and '{model}@production' by an alias."
        : string.Empty;
}

/// <summary>The services needed for creating an ONNX file.</summary>
internal sealed record OnnxFileServices(ModelRegistry Registry, IModelExporter Exporter, IClassGradients Gradients);

/// <summary>The services needed for deleting a version.</summary>
internal sealed record ModelRequestServices(
    ModelStore Models, ModelRegistry Registry, IClassifier Classifier, BatchingSettingsFiles Serving, DataFolders Folders,
    PredictionObservers Observers);
