namespace CnnService.Studio.Pages.Results;

/// <summary>What a version says to an image of a data set.</summary>
/// <param name="Image">Its id.</param>
/// <param name="TrueClass">Its label.</param>
/// <param name="Predicted">The class that the version gives it.</param>
/// <param name="Probability">Of that class, 0–1.</param>
public sealed record Prediction(string Image, string TrueClass, string Predicted, double Probability)
{
    public bool IsRight => TrueClass == Predicted;
}
