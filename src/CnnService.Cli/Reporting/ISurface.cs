using CnnService.Core.Common;

namespace CnnService.Cli.Reporting;

/// <summary>A stream that people read: a terminal, or plain lines.</summary>
internal interface ISurface : IText
{
    /// <summary>Tells a problem with all its broken rules.</summary>
    void Problem(Problem problem);

    /// <summary>Shows the progress of work while it goes on.</summary>
    /// <param name="work">Tells it; given the display it tells it to.</param>
    Task<T> FollowAsync<T>(Func<IProgressDisplay, Task<T>> work);
}
