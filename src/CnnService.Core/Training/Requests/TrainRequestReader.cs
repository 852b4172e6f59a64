using System.Text.Json;
using CnnService.Core.Common;
using CnnService.Core.Training.Transfer;

namespace CnnService.Core.Training.Requests;

/// <summary>Holds a request to every rule that can be told from itself; <see cref="TrainPlanner"/> goes on from there.</summary>
public static class TrainRequestReader
{
    /// <summary>The request, as far as it reads; null where the body is no object. Every broken rule is among the errors.</summary>
    public static TrainRequest? Read(JsonElement body, ValidationErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (JsonFields.Read<TrainRequest>(body, errors) is not { } request)
        {
            return null;
        }

        if (request.Dataset.Length == 0)
        {
            errors.Add("dataset", "must be given");
        }

        CheckNames(request, errors);
        RequestRules.Check(request, errors);
        AugmentationReader.Read(request.Augmentation, errors);
        ClassWeighting.Read(request.ClassWeights, null, errors);
        CheckTransfer(request, errors);
        return request;
    }

    private static void CheckNames(TrainRequest request, ValidationErrors errors)
    {
        errors.Require(request.Dataset.Length == 0 || ResourceName.IsValid(request.Dataset), "dataset", $"{ResourceName.Rule}, received \"{request.Dataset}\"");
        errors.Require(request.Model is null || ResourceName.IsValid(request.Model), "model", $"{ResourceName.Rule}, received \"{request.Model}\"");
    }

    private static void CheckTransfer(TrainRequest request, ValidationErrors errors)
    {
        StartFrom.Read(request.StartFrom, errors);
        var starts = !IsAbsent(request.StartFrom);
        errors.Require(starts || request.Freeze is null, "freeze", "goes with startFrom only");
        errors.Require(!starts || IsAbsent(request.Architecture), "architecture", "must not be given beside startFrom: the model brings its own");
        errors.Require(!starts || request.ImageSize is null, "imageSize", "must not be given beside startFrom: the model has its own");
        errors.Require(!starts || request.Normalization is null, "normalization", "must not be given beside startFrom: the model has its own");
    }

    private static bool IsAbsent(JsonElement? json) => json is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined };
}
