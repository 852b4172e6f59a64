using System.Text.Json;
using CnnService.Core.Classification;
using CnnService.Core.Common;
using CnnService.Core.Models;
using CnnService.Web.Artifacts;
using CnnService.Web.Persistence;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CnnService.Web.Features.Models;

/// <summary>The probability that each class of a version needs.</summary>
internal static class ThresholdsApi
{
    public static void MapThresholds(this RouteGroupBuilder models) =>
        models.MapPut("/{name}/versions/{version}/thresholds", PutAsync).WithName("PutThresholds")
            .WithSummary("Set the probability that classes need")
            .WithDescription(
                "In `/classify` an image of less is not known, or by a `multiLabel` version not said to have the class. Replaces those "
                + "before; `{}` removes them.")
            .Accepts<Dictionary<string, double>>("application/json").WithExample("""{ "cats": 0.8 }""")
            .RequireAuthorization(Scopes.Train).ProducesProblems(400, 404, 415, 422, 503);

    private static async Task<Results<Ok<ModelVersionResource>, ProblemResult>> PutAsync(
        HttpContext http, [AsParameters] ThresholdServices services, string name, string version)
    {
        var body = await JsonRequest.BodyAsync(http.Request, http.RequestAborted);
        var found = (await body.BindAsync(_ => services.Registry.ResolveAsync(name, version))).Bind(model => model.RequireClasses());
        return await found.Bind(model => Read(body.Value, model)).ToResultAsync(async thresholds =>
        {
            services.Thresholds.Set(found.Value, thresholds);
            await services.Files.UploadAsync(found.Value.Name, found.Value.Version, http.RequestAborted);
            return TypedResults.Ok(await services.Versions.ReadAsync(found.Value, http.RequestAborted));
        });
    }

    private static Outcome<ClassThresholds> Read(JsonElement body, LoadedModel model)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return Problem.Invalid("request.invalid", "The body must be an object of probabilities by class.");
        }

        var errors = new ValidationErrors();
        var classes = model.Manifest.Classes.ToHashSet(StringComparer.Ordinal);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var field in body.EnumerateObject())
        {
            if (!classes.Contains(field.Name))
            {
                errors.Add(ReceivedText.Text(field.Name), $"is none of the classes of the {model.DisplayName}");
            }
            else if (field.Value.ValueKind != JsonValueKind.Number || field.Value.GetDouble() is not (>= 0 and <= 1))
            {
                errors.Add(field.Name, $"must be a probability from 0 to 1, received {ReceivedText.Text(field.Value.GetRawText())}");
            }
            else
            {
                values[field.Name] = field.Value.GetDouble();
            }
        }

        return errors.Any ? Problem.Validation(errors) : new ClassThresholds(values);
    }
}

/// <summary>The services needed for thresholds.</summary>
internal sealed record ThresholdServices(
    ModelRegistry Registry, ClassThresholdFiles Thresholds, VersionFiles Files, VersionReader Versions);
