/** The share of refusals of late is that of about so many answers. */
const recentAnswers = 200;

/** A run of refusals means something if chance makes it less often than this. */
const rareRun = 3e-4;

/** Refusals that do not depend on the rate. */
export class Noise {
  /** The share of requests that is refused at random. */
  share = 0;
  private recentShare = 0;

  /** Takes note of an answer. What was found is lowered if it became less. */
  add(isRefusal: boolean): void {
    this.recentShare += (Number(isRefusal) - this.recentShare) / recentAnswers;
    this.share = Math.min(this.share, this.recentShare);
  }

  /** Takes note that this share of requests is refused at random. */
  found(share: number): void {
    this.share = share;
    this.recentShare = share;
  }

  /** So many refusals in a row are hardly chance. */
  get longestRun(): number {
    const share = Math.max(this.share, this.recentShare);
    return share === 0 ? 0 : Math.log(rareRun) / Math.log(share);
  }
}
