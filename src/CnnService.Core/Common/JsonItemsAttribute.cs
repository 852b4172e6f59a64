namespace CnnService.Core.Common;

/// <summary>Maximum number of entries of a list or names of an object in JSON, in place of the usual 1000.</summary>
/// <param name="most">At least 1.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class JsonItemsAttribute(int most) : Attribute
{
    public int Most => most;
}
