namespace CnnService.Core.Training.Recipes;

/// <summary>A way of training for somebody who does not want to choose each field.</summary>
/// <param name="Name">The value of the field <c>recipe</c>.</param>
/// <param name="Summary">What it does, in one or two sentences.</param>
/// <param name="Fields">The fields it fills in, JSON of a training request.</param>
public sealed record Recipe(string Name, string Summary, string Fields);
