namespace CnnService.Core.Common;

/// <summary>An exception that says that something outside the process does not answer; trying again may succeed.</summary>
public interface IUnavailable
{
    /// <summary>Stable problem code.</summary>
    string Code { get; }
}
