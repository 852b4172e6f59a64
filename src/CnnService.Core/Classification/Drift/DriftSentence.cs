namespace CnnService.Core.Classification.Drift;

/// <summary>Puts a drift report in words.</summary>
internal static class DriftSentence
{
    public static string Write(
        DriftVerdict verdict, DriftFigures byClass, DriftFigures byTenth, IReadOnlyList<ClassDrift> classes, long predictions,
        bool isLessSure)
    {
        if (verdict is DriftVerdict.TooFew or DriftVerdict.None)
        {
            return verdict == DriftVerdict.None
                ? $"The {predictions} predictions are spread over classes and confidences as on the validation images."
                : $"There are {predictions} predictions; {DriftReport.MinPredictions} are needed to tell.";
        }

        var largest = classes.MaxBy(one => one.Psi)!;
        var aboutClasses = byClass.Verdict == DriftVerdict.None
            ? null
            : $"'{largest.Name}' is {100 * largest.Share:F1} % of the predictions and was "
                + $"{100 * largest.BaselineShare:F1} % on the validation images (stability index of the classes {byClass.Psi:F2})";
        var aboutTenths = byTenth.Verdict == DriftVerdict.None
            ? null
            : $"the network is {(isLessSure ? "less" : "more")} sure than it was there (index of the confidences {byTenth.Psi:F2})";
        var what = string.Join("; ", new[] { aboutClasses, aboutTenths }.OfType<string>());
        return $"{(verdict == DriftVerdict.Strong ? "Much" : "Something")} has changed: "
            + $"{what}. Look at the kept images before you rely on the answers.";
    }
}
