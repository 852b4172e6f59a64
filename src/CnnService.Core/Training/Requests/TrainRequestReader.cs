using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Training.Recipes;

namespace CnnService.Core.Training.Requests;

/// <summary>
/// Parses a training request and checks every rule that needs nothing but the request; <see cref="TrainPlanner"/> checks the rest.
/// </summary>
public static class TrainRequestReader
{
    /// <summary>
    /// The request, its recipe filled in, as far as it can be parsed; null if the body is not an object. Every broken rule is added to the
    /// errors.
    /// </summary>
    public static TrainRequest? Read(JsonElement body, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        body = RecipeCatalog.Fill(body);
        if (JsonFieldReader.Read<TrainRequest>(body, errors) is not { } request)
        {
            return null;
        }

        if (errors.Require(request.Dataset.Length > 0 || errors.IsBroken("dataset"), "dataset", "must be given")
            && request.Dataset.Length > 0)
        {
            errors.Require(DatasetReference.Parse(request.Dataset) is not null, "dataset",
                $"{DatasetReference.Rule}, received \"{request.Dataset}\"");
        }

        errors.Require(
            request.Model is null || ResourceName.IsValid(request.Model), "model", $"{ResourceName.Rule}, received \"{request.Model}\"");
        errors.Require(request.Recipe is null || RecipeCatalog.Find(request.Recipe) is not null, RecipeCatalog.Field,
            $"must be one of {string.Join(", ", RecipeCatalog.Names)}, received \"{ReceivedText.Text(request.Recipe ?? string.Empty)}\"");
        RequestRules.Check(request, errors);
        CheckNetwork(request, errors);
        errors.Require(request.FineTuning is null || request.Classifier is not null || errors.IsBroken("classifier"), "fineTuning",
            "must be given with classifier only");
        if (request.Classifier is not null)
        {
            CheckFitted(request, body, errors);
        }

        return request;
    }

    private static void CheckFitted(TrainRequest request, JsonElement body, ValidationErrors errors)
    {
        errors.Require(request.StartFrom is not null || errors.IsBroken("startFrom"), "classifier", "must be given with startFrom only");
        errors.Between(request.Classifier!.Views, 1, ImageViews.Max, "classifier.views");
        errors.AboveZero(request.Classifier.Regularization ?? 1, 1000, "classifier.regularization");
        var isTuned = request.FineTuning is not null;
        foreach (var field in isTuned ? TrainingFields.NotOfFineTuning : TrainingFields.InSteps)
        {
            errors.Require(!body.TryGetProperty(field, out _), field, isTuned
                ? "must not be given with fineTuning"
                : "must not be given with classifier, which is fitted and not trained in steps, unless with fineTuning");
        }
    }

    private static void CheckNetwork(TrainRequest request, ValidationErrors errors)
    {
        errors.Require(
            request.ImageSize is null || request.Architecture?.Own is null,
            "imageSize",
            "must be given with a preset only; a custom network has its size in architecture.input");
        if (request.StartFrom is null)
        {
            errors.Require(request.Freeze is null || errors.IsBroken("startFrom"), "freeze", "must be given with startFrom only");
            return;
        }

        errors.Require(request.Architecture is null, "architecture", "must not be given with startFrom: the model has its own");
        errors.Require(request.ImageSize is null, "imageSize", "must not be given with startFrom: the model has its own");
        errors.Require(request.Normalization is null, "normalization", "must not be given with startFrom: the model has its own");
    }
}
