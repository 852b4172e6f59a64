namespace CnnService.Core.Common;

/// <summary>What a property that is kept as it was received holds; for descriptions of the API.</summary>
/// <param name="shape">The type that the JSON has the form of.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonShapeAttribute(Type shape) : Attribute
{
    public Type Shape => shape;
}
