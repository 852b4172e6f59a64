namespace CnnService.Core.Common;

/// <summary>Maximum number of entries of a list or names of an object in JSON, in place of the usual 1000.</summary>
/// <param name="max">At least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonItemsAttribute(int max) : Attribute
{
    public int Max => max;
}
